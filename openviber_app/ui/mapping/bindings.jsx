import { jsx } from "@emotion/react";
import { useState } from "react";
import { openDialog } from "$/public/external/openviber_app/ui/kit/dialogs.js";
import { Ago } from "$/public/external/openviber_app/ui/live/ago.jsx";
import { drawnWords } from "$/public/external/openviber_app/ui/live/redacted.js";
import { Masked } from "$/public/external/openviber_app/ui/live/redacted.jsx";
import { Actions } from "./actions.jsx";
import { History } from "./history.jsx";
import { noteOf, pillOf, slotsOf } from "./node_words.js";
import { useLive } from "./use_live.js";

const Facts = ({ binding }) =>
  jsx(
    "p",
    { className: "facts binding-facts" },
    binding.resolvedWorkingDir && jsx("span", { className: "mono truncate", title: drawnWords(binding.resolvedWorkingDir) }, jsx(Masked, { text: binding.resolvedWorkingDir })),
    binding.lastPrepareAt &&
      jsx("span", null, "prepared ", jsx(Ago, { at: binding.lastPrepareAt, after: " ago" }), ` · attempt ${binding.prepareAttempt}`),
    slotsOf(binding) && jsx("span", null, slotsOf(binding)),
  );

function Binding({ binding, isOnly, access }) {
  const [problem, setProblem] = useState("");
  const [isHistoryShown, setHistoryShown] = useState(false);
  const { word, kind } = pillOf(binding);
  const note = noteOf(binding);
  return jsx(
    "section",
    { className: "binding", "aria-label": binding.nodeName },
    jsx(
      "div",
      { className: "binding-head" },
      jsx("span", { className: "mark", "data-kind": binding.nodeLink === "connected" ? "online" : "off", "aria-hidden": true }),
      jsx("h3", null, binding.nodeName),
      binding.nodeLink !== "connected" && jsx("span", { className: "facts" }, binding.nodeLink === "revoked" ? "revoked" : "offline"),
      jsx("span", { className: "pill", "data-kind": kind }, jsx("span", { className: "mark", "data-kind": kind, "aria-hidden": true }), word),
      binding.isDefault && !isOnly && jsx("span", { className: "pill" }, "default"),
      jsx("span", { className: "flex-1" }),
      jsx(Actions, { binding, ...access, onProblem: setProblem, onHistory: () => setHistoryShown(!isHistoryShown) }),
    ),
    jsx(Facts, { binding }),
    note && jsx("p", { className: "binding-note", "data-kind": kind }, jsx(Masked, { text: note })),
    problem && jsx("p", { role: "alert", className: "text-red" }, problem),
    isHistoryShown && jsx(History, { binding }),
  );
}

/** The nodes that an environment is on. */
export function Bindings({ environment, className, canRun = true, canEdit = true, sharedBy = "" }) {
  const access = { canRun, canEdit, isOwn: !sharedBy };
  const { data, problem } = useLive(environment ? `/api/bindings?environmentId=${environment}` : "");
  const rows = data?.bindings ?? [];
  return jsx(
    "section",
    { className: `bindings ${className ?? ""}`, "aria-label": "Nodes of this environment" },
    problem && !data && jsx("p", { role: "alert", className: "text-red" }, problem.message),
    rows.map((binding) => jsx(Binding, { key: binding.id, binding, isOnly: rows.length === 1, access })),
    data && !rows.length &&
      jsx(
        "div",
        { className: "map-empty bindings-empty" },
        jsx("p", { className: "font-medium" }, "Not on any node yet"),
        jsx("p", { className: "text-tx2" }, sharedBy ? `${sharedBy} maps it to a node of theirs; then threads can run in it.` : "Map it to a node: it is cloned and set up there, and then threads can run in it."),
        !sharedBy && jsx("button", { type: "button", className: "btn btn-primary", onClick: () => openDialog("map") }, "Map to node"),
      ),
  );
}
