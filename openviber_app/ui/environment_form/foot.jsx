import { jsx } from "@emotion/react";
import { STEPS } from "./form_model.js";

/** The way back, what stands in the way, and the ways on: one of them is the filled button. */
export function Foot({ id, at, canEdit = true, check, errors, saving, stored, onBack, onFirst, onSave }) {
  const isLast = at === STEPS.length - 1;
  const blocking = Object.values(errors).reduce((sum, count) => sum + count, 0);
  const isBlocked = isLast && blocking > 0 && check.isCurrent && !check.failure;
  const way = (kind, words, busy, isPrimary) =>
    jsx(
      "button",
      { key: kind, type: "button", className: `btn ${isPrimary ? "btn-primary" : ""}`, disabled: isBlocked || Boolean(saving.kind), onClick: () => onSave(kind) },
      saving.kind === kind ? busy : words,
    );
  const ends = id
    ? [way("save", "Save", "Saving…", isLast && !stored.defaultBindingId), stored.defaultBindingId && isLast && way("prepare", "Save and prepare again", "Saving…", true)]
    : isLast && [way("create", "Create", "Creating…"), way("map", "Create and map to a node", "Creating…", true)];
  return jsx(
    "div",
    { className: "form-foot" },
    at > 0 && jsx("button", { type: "button", className: "btn", onClick: onBack }, "Back"),
    jsx("span", { className: "flex-1" }),
    jsx("p", { role: "alert", className: "foot-said" }, saving.message),
    isBlocked && jsx("button", { type: "button", className: "link-button foot-said", onClick: onFirst }, `Fix ${blocking} error${blocking === 1 ? "" : "s"} to continue`),
    canEdit && ends,
    !isLast && jsx("button", { type: "submit", className: "btn btn-primary" }, `Next: ${STEPS[at + 1].title}`),
  );
}
