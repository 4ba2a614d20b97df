import { jsx } from "@emotion/react";
import { useEffect, useRef, useState } from "react";
import { request } from "$/public/external/openviber_app/ui/live/components/request.js";

const PAGE = 100;
const many = (count, noun) => `${count} ${noun}${count === 1 ? "" : "s"}`;

const gone = ({ threads, bindings }) => {
  const nodes = bindings.map((one) => one.nodeName).join(", ");
  const work = threads >= PAGE ? `${PAGE} threads or more` : many(threads, "thread");
  return [
    threads ? `${work} with all messages and logs` : "no threads: it has none",
    bindings.length ? `its place on ${nodes}, with what was set up there` : "no place on any node: it is not mapped",
  ];
};

/** Deleting, after saying what goes with it. */
export function DeleteEnvironment({ stored, onGone }) {
  const [facts, setFacts] = useState(null);
  const [message, setMessage] = useState("");
  const dialog = useRef(null);
  useEffect(() => {
    if (facts && !dialog.current.open) dialog.current.showModal();
  }, [facts]);
  const ask = async () => {
    setMessage("");
    try {
      const [{ bindings }, { threads }] = await Promise.all([
        request("GET", `/api/environments/${stored.id}/bindings`),
        request("GET", `/api/threads?environmentId=${stored.id}&limit=${PAGE}`),
      ]);
      setFacts({ bindings, threads: threads.length });
    } catch (problem) {
      setMessage(problem.message);
    }
  };
  const remove = async () => {
    try {
      await request("DELETE", `/api/environments/${stored.id}`);
      onGone();
    } catch (problem) {
      setFacts(null);
      setMessage(problem.message);
    }
  };
  return jsx(
    "section",
    { className: "form-danger", "aria-labelledby": "delete-title" },
    jsx("h3", { id: "delete-title" }, "Delete this environment"),
    jsx("p", { className: "help" }, "Its threads and its places on nodes go with it. A repository or a folder of yours stays as it is."),
    jsx("p", { role: "alert", className: "field-problem" }, message),
    jsx("button", { type: "button", className: "btn btn-danger", onClick: ask }, "Delete…"),
    facts &&
      jsx(
        "dialog",
        { ref: dialog, className: "form-ask", "aria-labelledby": "ask-title", onClose: () => setFacts(null) },
        jsx("h2", { id: "ask-title" }, `Delete ${stored.name}?`),
        jsx("p", null, "With it goes, for good:"),
        jsx("ul", null, gone(facts).map((text) => jsx("li", { key: text }, text))),
        jsx(
          "div",
          { className: "form-ways" },
          jsx("button", { type: "button", className: "btn", onClick: () => dialog.current.close() }, "Keep it"),
          jsx("button", { type: "button", className: "btn btn-danger", onClick: remove }, "Delete for good"),
        ),
      ),
  );
}
