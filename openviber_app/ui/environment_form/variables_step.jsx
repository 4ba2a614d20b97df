import { jsx } from "@emotion/react";
import { useState } from "react";
import { Delivered } from "./delivered.jsx";
import { isEnvFile, readEnvFile } from "./env_file.js";
import { Said, useProblem } from "./fields.jsx";
import { isDelicate, newId } from "./form_model.js";
import { SecretRow } from "./secret_row.jsx";
import { GitSecrets } from "./git_secrets.jsx";
import { toPlain, toSecret, withEnvFile, withVariable } from "./value_rows.js";

const NOT_KEPT = "Secret values are kept nowhere until you save: after a reload you are asked for them again.";

function VariableRow({ row, value, onChange, onRemove, onSecret, onFile }) {
  const key = useProblem(`${row.id}-key`);
  const said = useProblem(`${row.id}-value`);
  const paste = (isName) => (event) => {
    const text = event.clipboardData.getData("text");
    if (!isEnvFile(text, isName)) return;
    event.preventDefault();
    onFile(text);
  };
  return jsx(
    "li",
    { className: "value-row" },
    jsx("input", {
      ...key.attributes,
      type: "text",
      className: "field mono",
      "aria-label": "Name",
      placeholder: "NAME",
      autoComplete: "off",
      spellCheck: false,
      value: row.key,
      onPaste: paste(true),
      onChange: (event) => {
        key.clear();
        onChange({ key: event.target.value });
      },
    }),
    jsx("textarea", {
      ...said.attributes,
      rows: 1,
      className: "field mono value-grows",
      "aria-label": `Value of ${row.key || "the variable"}`,
      placeholder: "value",
      spellCheck: false,
      value,
      onPaste: paste(false),
      onChange: (event) => {
        said.clear();
        onChange({ value: event.target.value });
      },
    }),
    jsx("button", { type: "button", className: "btn btn-quiet btn-small", onClick: onRemove, "aria-label": `Remove ${row.key || "this row"}` }, "✕"),
    jsx(Said, { id: `${row.id}-key`, text: key.text }),
    jsx(Said, { id: `${row.id}-value`, text: said.text }),
    isDelicate({ ...row, value }) &&
      jsx(
        "p",
        { className: "value-note" },
        jsx("span", null, row.isTyped && !value ? "Type its value again: it looks like a secret's and was not kept." : "This looks like a secret. Until you choose, its value is not kept over a reload."),
        jsx("button", { type: "button", className: "btn btn-small", onClick: onSecret }, "Make it a secret"),
        jsx("button", { type: "button", className: "btn btn-quiet btn-small", onClick: () => onChange({ isPlain: true }) }, "Keep it plain"),
      ),
  );
}

function EnvPaste({ onFile, onClose }) {
  return jsx(
    "div",
    { className: "env-paste" },
    jsx("label", { htmlFor: "env-file", className: "label" }, "Lines of a .env file"),
    jsx("textarea", {
      id: "env-file",
      rows: 5,
      autoFocus: true,
      className: "field mono",
      spellCheck: false,
      placeholder: 'export STRIPE_KEY="sk_…"\nTZ=UTC  # comments are left out',
      onPaste: (event) => {
        const text = event.clipboardData.getData("text");
        if (!event.target.value && isEnvFile(text, true)) {
          event.preventDefault();
          onFile(text);
        }
      },
    }),
    jsx(
      "div",
      { className: "flex gap-2" },
      jsx("button", { type: "button", className: "btn btn-small", onClick: () => onFile(document.getElementById("env-file").value) }, "Add these"),
      jsx("button", { type: "button", className: "btn btn-quiet btn-small", onClick: onClose }, "Cancel"),
    ),
  );
}

/** Variables, secrets and git's own secrets. `values` holds what the draft must not. */
export function VariablesStep({ form, change, values, setValues, me, environment }) {
  const [isPasting, setPasting] = useState(false);
  const [said, setSaid] = useState("");
  const take = ([next, kept]) => {
    setValues(kept);
    change(next);
  };
  const onFile = (text) => {
    const [next, kept, words] = withEnvFile(form, values, readEnvFile(text));
    take([next, kept]);
    setSaid(words);
    setPasting(false);
  };
  const replace = (noun, row, change_) => change({ [noun]: form[noun].map((other) => (other.id === row.id ? { ...other, ...change_ } : other)) });
  const remove = (noun, row) => {
    const { [row.id]: _, ...kept } = values;
    take([{ ...form, [noun]: form[noun].filter((other) => other.id !== row.id) }, kept]);
  };
  const add = (noun, row) => {
    const made = { id: newId(), key: "", ...row };
    change({ [noun]: [...form[noun], made] });
    setTimeout(() => document.getElementById(`${made.id}-key`)?.focus());
  };
  const own = form.secrets.filter((row) => row.purpose === "variable");
  return jsx(
    "div",
    { className: "step-body" },
    jsx(
      "section",
      { "aria-labelledby": "variables-title" },
      jsx(
        "div",
        { className: "section-head" },
        jsx("h3", { id: "variables-title" }, "Variables"),
        jsx("button", { type: "button", className: "btn btn-small", "aria-expanded": isPasting, onClick: () => setPasting(!isPasting) }, "Paste a .env"),
      ),
      jsx("p", { className: "help" }, "Every script and run sees them. Pasting many lines into a field fills many rows."),
      isPasting && jsx(EnvPaste, { onFile, onClose: () => setPasting(false) }),
      jsx("p", { role: "status", className: "value-said" }, said),
      jsx(
        "ul",
        { className: "value-rows" },
        form.variables.map((row) =>
          jsx(VariableRow, {
            key: row.id,
            row,
            value: values[row.id] ?? row.value,
            onFile,
            onRemove: () => remove("variables", row),
            onSecret: () => take(toSecret(form, values, row)),
            onChange: (part) => {
              const [next, kept] = withVariable(row, values, part);
              setValues(kept);
              replace("variables", row, next);
            },
          }),
        ),
      ),
      jsx("button", { type: "button", className: "btn btn-small", onClick: () => add("variables", { value: "" }) }, "+ Variable"),
    ),
    jsx(
      "section",
      { "aria-labelledby": "secrets-title" },
      jsx("div", { className: "section-head" }, jsx("h3", { id: "secrets-title" }, "Secrets")),
      jsx("p", { className: "help" }, "Sealed when you save, and never shown again; masked in every log. ", NOT_KEPT),
      jsx(
        "ul",
        { className: "value-rows" },
        own.map((row) =>
          jsx(SecretRow, {
            key: row.id,
            row,
            me,
            value: values[row.id] ?? "",
            onChange: (part) => replace("secrets", row, part),
            onValue: (value) => {
              setValues({ ...values, [row.id]: value });
              if (Boolean(value) !== Boolean(row.isTyped)) replace("secrets", row, { isTyped: Boolean(value) });
            },
            onRemove: () => remove("secrets", row),
            onPlain: () => take(toPlain(form, values, row)),
          }),
        ),
      ),
      jsx("button", { type: "button", className: "btn btn-small", onClick: () => add("secrets", { purpose: "variable", scope: "both" }) }, "+ Secret"),
    ),
    form.type !== "manual" && jsx(GitSecrets, { form, change, values, setValues, me }),
    environment && jsx(Delivered, { environment }),
  );
}
