import { jsx } from "@emotion/react";
import { useEffect, useRef } from "react";
import { Link } from "react-router";
import { STEPS } from "./form_model.js";

const stateOf = (step, { form, errors, check }) => {
  if (errors[step]) return "failed";
  const source = { github: form.repoUrl, local: form.localPath, manual: "folder" }[form.type];
  const isBasic = Boolean(form.name.trim() && source.trim());
  if (step === "validation") return check.result && check.isCurrent ? (check.result.errors ? "failed" : "done") : "off";
  if (step === "code") return isBasic && (form.setupMode === "auto" || form.setupScript.trim()) ? "done" : "off";
  return isBasic ? "done" : "off";
};
const WORDS = { failed: "has errors", done: "done", off: "open" };

/** The steps as links, each with how it stands. */
export function StepsNav({ current, href, form, errors, check }) {
  const list = useRef(null);
  useEffect(() => {
    // on a phone the row of steps is wider than the screen
    list.current.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
  }, [current, errors.basic, errors.code, errors.variables]);
  const secrets = form.secrets.filter((row) => !row.isDeleted && row.purpose === "variable").length;
  const rows = form.variables.filter((row) => row.key).length;
  return jsx(
    "nav",
    { className: "form-steps", "aria-label": "Steps" },
    jsx(
      "ol",
      { ref: list },
      STEPS.map((step) => {
        const state = stateOf(step.id, { form, errors, check });
        const counted = step.id === "variables" && rows + secrets > 0 ? `${rows} + ${secrets}` : "";
        return jsx(
          "li",
          { key: step.id },
          jsx(
            Link,
            { to: href(step.id), className: "step-link", "aria-current": step.id === current ? "step" : undefined },
            jsx("span", { className: "mark", "data-kind": state, "aria-hidden": true }),
            jsx("span", { className: "flex-1" }, step.title, jsx("span", { className: "sr-only" }, `, ${WORDS[state]}`)),
            errors[step.id]
              ? jsx("span", { className: "step-errors" }, `${errors[step.id]} error${errors[step.id] === 1 ? "" : "s"}`)
              : counted && jsx("span", { className: "facts", title: "variables + secrets" }, counted),
          ),
        );
      }),
    ),
  );
}
