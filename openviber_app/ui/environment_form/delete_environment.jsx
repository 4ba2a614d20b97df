import { jsx } from "@emotion/react";
import { useState } from "react";
import { confirm } from "$/public/external/openviber_app/ui/kit/confirm.js";
import { request } from "$/public/external/openviber_app/ui/live/request.js";

const PAGE = 100;
const many = (count, noun) => `${count} ${noun}${count === 1 ? "" : "s"}`;

const gone = (threads, bindings) => {
  const work = threads >= PAGE ? `${PAGE} threads or more` : many(threads, "thread");
  const parts = [
    threads && `${work} with all messages and logs`,
    bindings.length && `its place on ${bindings.map((one) => one.nodeName).join(", ")} with what was set up there`,
  ].filter(Boolean);
  return parts.length ? `With it goes, for good: ${parts.join("; ")}.` : "It has no threads and is on no node.";
};

/** Deleting, after saying what goes with it. */
export function DeleteEnvironment({ stored, onGone }) {
  const [message, setMessage] = useState("");
  const remove = async () => {
    setMessage("");
    try {
      const [{ bindings }, { threads }] = await Promise.all([
        request("GET", `/api/environments/${stored.id}/bindings`),
        request("GET", `/api/threads?environmentId=${stored.id}&limit=${PAGE}`),
      ]);
      const text = gone(threads.length, bindings);
      if (!(await confirm({ title: `Delete ${stored.name}?`, text, action: "Delete for good", isDanger: true }))) return;
      await request("DELETE", `/api/environments/${stored.id}`);
      onGone();
    } catch (problem) {
      setMessage(problem.message);
    }
  };
  return jsx(
    "section",
    { className: "form-danger", "aria-labelledby": "delete-title" },
    jsx("h3", { id: "delete-title" }, "Delete this environment"),
    jsx("p", { className: "help" }, "Its threads and its places on nodes go with it. A repository or a folder of yours stays as it is."),
    jsx("p", { role: "alert", className: "field-problem" }, message),
    jsx("button", { type: "button", className: "btn btn-danger", onClick: remove }, "Delete…"),
  );
}
