import { jsx } from "@emotion/react";
import { Suspense, lazy, useState } from "react";
import { drawnWords } from "./redacted.js";
import { Masked } from "./redacted.jsx";
import { duration, firstLine } from "./words.js";

const Markdown = lazy(() => import("./markdown.jsx"));

const SHAPES = { pending: "off", running: "busy", completed: "done", failed: "failed" };
const VERBS = {
  read: "Read",
  edit: "Edited",
  delete: "Deleted",
  move: "Moved",
  search: "Searched",
  execute: "Ran",
  fetch: "Fetched",
  think: "Thought",
};

const Said = ({ text }) =>
  jsx(Suspense, { fallback: jsx("p", { className: "whitespace-pre-wrap" }, jsx(Masked, { text })) }, jsx(Markdown, { text }));

const What = ({ text }) => jsx("code", { className: "step-what", title: drawnWords(text) }, jsx(Masked, { text }));

/** One line of work: how it went, what it was, how long it took; `children` below it. */
const Line = ({ shape, verb, what, pill, time, children }) =>
  jsx(
    "div",
    { className: "step" },
    jsx(
      "div",
      { className: "step-line" },
      jsx("span", { className: "mark", "data-kind": shape, "aria-hidden": true }),
      verb && jsx("span", { className: "step-verb" }, jsx(Masked, { text: verb })),
      what && jsx(What, { text: what }),
      pill && jsx("span", { className: "pill", "data-kind": "failed" }, pill),
      jsx("span", { className: "flex-1" }),
      time && jsx("span", { className: "step-time" }, time),
    ),
    children,
  );

/** Text that is only looked at when somebody wants it. */
function Folded({ shape, verb, what, time, text, children }) {
  const [isOpen, setOpen] = useState(false);
  return jsx(
    "div",
    { className: "step" },
    jsx(
      "button",
      { type: "button", className: "step-line", "aria-expanded": isOpen, onClick: () => setOpen(!isOpen) },
      jsx("span", { className: "mark", "data-kind": shape, "aria-hidden": true }),
      jsx("span", { className: "step-verb" }, jsx(Masked, { text: verb })),
      what && jsx(What, { text: what }),
      jsx("span", { className: "chevron", "aria-hidden": true }),
      jsx("span", { className: "flex-1" }),
      time && jsx("span", { className: "step-time" }, time),
    ),
    isOpen && (children ?? jsx("pre", { className: "step-text", tabIndex: 0 }, jsx(Masked, { text }))),
  );
}

/** A plan: what is done, what goes on, what is still to come. */
function Plan({ item }) {
  const entries = item.fields.entries ?? item.text.split("\n").filter(Boolean).map((content) => ({ content }));
  return jsx(
    "ul",
    { className: "plan", "aria-label": "Plan" },
    entries.map((entry, index) => {
      const shape = { completed: "done", in_progress: "busy" }[entry.status] ?? "off";
      const words = { done: "done", busy: "going on", off: "to do" }[shape];
      return jsx(
        "li",
        { key: index, "data-kind": shape },
        jsx("span", { className: "mark", "data-kind": shape, "aria-hidden": true }),
        jsx("span", null, jsx(Masked, { text: entry.content })),
        jsx("span", { className: "sr-only" }, words),
      );
    }),
  );
}

/** One entry of a run, whatever its kind; one that is not known is shown as its text. */
export function Step({ item, log }) {
  const { fields, status, text } = item;
  const time = fields.duration_ms == null ? "" : duration(fields.duration_ms);
  const shape = SHAPES[status] ?? "off";
  const path = fields.locations?.[0]?.path;
  switch (item.kind) {
    case "terminal":
      return jsx(Line, {
        shape,
        verb: status === "running" ? "Running" : "Ran",
        what: firstLine(text),
        pill: fields.exit_code ? `exit ${fields.exit_code}` : "",
        time,
        children: log,
      });
    case "tool_call": {
      const verb = fields.title && !path ? fields.title : (VERBS[fields.tool_kind] ?? fields.title ?? "Used a tool");
      const what = path ?? (fields.title ? "" : firstLine(text));
      if (text && (path || fields.title) && !log) return jsx(Folded, { shape, verb, what, time, text });
      return jsx(Line, { shape, verb, what, time, children: log });
    }
    case "thought":
      return jsx(Folded, { shape: status === "running" ? "busy" : "off", verb: "Thought", time, children: jsx(Said, { text }) });
    case "approval":
      return jsx(Line, {
        shape: status === "pending" || status === "running" ? "needs-you" : shape,
        verb: fields.title ?? "Wants to run",
        what: firstLine(text),
        time,
      });
    case "artifact":
      return jsx(Line, { shape, verb: "Made", what: fields.title ?? path ?? firstLine(text), time });
    case "plan":
      return jsx(Plan, { item });
    case "agent_message":
      return jsx("div", { className: "agent-said" }, jsx(Said, { text }));
    default:
      return jsx("p", { className: "noted", "data-kind": item.kind, "data-status": status }, jsx(Masked, { text }));
  }
}
