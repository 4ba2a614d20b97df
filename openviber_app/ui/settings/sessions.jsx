import { jsx } from "@emotion/react";
import { useState } from "react";
import { confirm } from "../kit/confirm.js";
import { Icon } from "../kit/icons.jsx";
import { Ago } from "../live/ago.jsx";
import { request } from "../live/request.js";
import { useLoaded } from "./loaded.js";
import { Refusal, Section, Waiting } from "./text_field.jsx";

const Row = ({ session, onRevoke }) =>
  jsx(
    "li",
    { className: "settings-row" },
    jsx(Icon, { name: "system", size: 16, className: "text-tx3" }),
    jsx(
      "div",
      { className: "min-w-0 flex-1" },
      jsx("div", { className: "font-medium" }, session.device),
      jsx(
        "div",
        { className: "facts" },
        session.isCurrent
          ? jsx("span", { className: "text-green" }, "this browser")
          : jsx("span", null, "last seen ", jsx(Ago, { at: session.lastSeenAt })),
        jsx("span", null, "signed in ", jsx(Ago, { at: session.createdAt })),
      ),
    ),
    !session.isCurrent &&
      jsx(
        "button",
        {
          type: "button",
          className: "btn btn-small btn-danger",
          "aria-label": `Sign out ${session.device}`,
          onClick: () => onRevoke(session),
        },
        "Sign out",
      ),
  );

/** Where one is signed in. */
export function Sessions() {
  const { value, problem, reload } = useLoaded("/api/sessions");
  const [refusal, setRefusal] = useState("");
  const end = async (path) => {
    try {
      await request("DELETE", path);
      setRefusal("");
    } catch (found) {
      setRefusal(found.message);
    }
    await reload();
  };
  const others = value?.sessions.filter((session) => !session.isCurrent) ?? [];
  const all = async () => {
    const words = others.length === 1 ? "One other browser is" : `${others.length} other browsers are`;
    const text = `${words} signed out within a minute. Nothing else changes.`;
    if (await confirm({ title: "Sign out everywhere else?", text, action: "Sign out", isDanger: true }))
      await end("/api/sessions");
  };
  return jsx(
    Section,
    {
      title: "Sessions",
      text: "Browsers that are signed in as you. Each ends by itself after 30 days without use.",
      action:
        others.length > 1 &&
        jsx("button", { type: "button", className: "btn btn-danger", onClick: all }, "Sign out everywhere else"),
    },
    (problem || refusal) && jsx(Refusal, { text: refusal || problem, onRetry: reload }),
    value
      ? jsx(
          "ul",
          { className: "settings-list" },
          value.sessions.map((session) =>
            jsx(Row, { key: session.id, session, onRevoke: (one) => end(`/api/sessions/${one.id}`) }),
          ),
        )
      : !problem && jsx(Waiting),
  );
}
