import { jsx } from "@emotion/react";

const INPUTS = /^(name|description|repoUrl|repoBranch|localPath|workingDir|setupScript|maintenanceScript|checkCommand|minutes|authorName|authorEmail)$|-(key|value)$/;
const ONLY_IN = { repoUrl: "github", repoBranch: "github", localPath: "local" };

/** Problems that belong to no field on the page. */
export function Unplaced({ problems, form }) {
  const found = Object.entries(problems).filter(([field]) => !INPUTS.test(field) || (ONLY_IN[field] ?? form.type) !== form.type);
  if (!found.length) return null;
  return jsx("div", { role: "alert", className: "form-notice", "data-kind": "failed" }, found.map(([field, { text }]) => jsx("p", { key: field }, text)));
}

/** Why nothing can be typed here. */
export const ReadOnly = ({ owner, access }) =>
  jsx(
    "p",
    { role: "status", className: "only-read" },
    `You can ${access === "runner" ? "run threads in" : "read"} this environment. Ask ${owner} to let you edit it.`,
  );

/** Somebody saved since: what was typed stays until one decides. */
export function Behind({ model, isBusy, onOver }) {
  return jsx(
    "div",
    { role: "alert", className: "form-notice", "data-kind": "warn" },
    jsx("p", { className: "font-medium" }, "Somebody saved this environment since you opened it."),
    jsx("p", null, `It is at version ${model.stored.version}; what you typed began at version ${model.version} and is still here.`),
    jsx(
      "div",
      { className: "form-ways" },
      jsx("button", { type: "button", className: "btn btn-small", onClick: model.startOver, disabled: isBusy }, "Load theirs, drop mine"),
      jsx("button", { type: "button", className: "btn btn-quiet btn-small", onClick: onOver, disabled: isBusy }, "Keep mine; saving replaces theirs"),
    ),
  );
}
