import { jsx } from "@emotion/react";
import { useState } from "react";
import { useNavigate } from "react-router";
import { confirm } from "$/public/external/openviber_app/ui/kit/confirm.js";
import { request } from "$/public/external/openviber_app/ui/live/request.js";
import { refusalOf } from "$/public/external/openviber_app/ui/live/words.js";

/** Leaving an environment that somebody shares. */
export function Leave({ environment, name }) {
  const [refusal, setRefusal] = useState("");
  const navigate = useNavigate();
  const leave = async () => {
    const text = "You no longer see it, its threads or their logs. Its owner can share it with you again.";
    if (!(await confirm({ title: `Leave ${name}?`, text, action: "Leave", isDanger: true }))) return;
    try {
      const me = await request("GET", "/api/me");
      await request("DELETE", `/api/environments/${environment}/shares/${me.id}`);
      navigate("/");
    } catch (problem) {
      setRefusal(refusalOf(problem));
    }
  };
  return jsx(
    "span",
    { className: "flex items-center gap-2" },
    refusal && jsx("span", { role: "alert", className: "text-red text-[12px]" }, refusal),
    jsx("button", { type: "button", className: "btn btn-small", onClick: leave }, "Leave"),
  );
}
