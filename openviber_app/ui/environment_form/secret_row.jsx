import { jsx } from "@emotion/react";
import { useState } from "react";
import { Said, useProblem } from "./fields.jsx";

const SCOPES = [
  ["both", "Set-up and runs"],
  ["setup", "Set-up only"],
  ["runtime", "Runs only"],
];
const AGAIN = "Type its value again: secret values are not kept over a reload.";

const UNITS = [
  [86_400, "day"],
  [3600, "hour"],
  [60, "minute"],
];

const agoInWords = (at) => {
  const seconds = Math.max(0, (Date.now() - Date.parse(at)) / 1000);
  const found = UNITS.find(([unit]) => seconds >= unit);
  if (!found) return "just now";
  const count = Math.floor(seconds / found[0]);
  return `${count} ${found[1]}${count === 1 ? "" : "s"} ago`;
};

/** When and by whom a stored secret was set; its value is nowhere. */
export function SetWhen({ stored, me }) {
  return jsx(
    "span",
    { className: "secret-set" },
    jsx("span", { className: "mono", "aria-hidden": true }, "••••"),
    " set ",
    jsx("time", { dateTime: stored.updatedAt, title: new Date(stored.updatedAt).toLocaleString() }, agoInWords(stored.updatedAt)),
    stored.setBy && me ? (stored.setBy === me ? " by you" : " by somebody else") : "",
  );
}

/** Where a secret's value is typed; hidden unless one asks to see it. */
export function SecretValue({ id, label, value, onValue, rows = 1, placeholder = "value", isOpen = false }) {
  const [isShown, setShown] = useState(isOpen);
  const { attributes, clear } = useProblem(id);
  return jsx(
    "div",
    { className: "secret-value" },
    jsx("textarea", {
      ...attributes,
      rows,
      className: `field mono value-grows ${isShown ? "" : "value-masked"}`,
      "aria-label": label,
      placeholder,
      autoComplete: "off",
      autoCorrect: "off",
      autoCapitalize: "off",
      spellCheck: false,
      "data-1p-ignore": true,
      "data-lpignore": true,
      value,
      onChange: (event) => {
        clear();
        onValue(event.target.value);
      },
    }),
    jsx("button", { type: "button", className: "btn btn-quiet btn-small", "aria-pressed": isShown, onClick: () => setShown(!isShown) }, isShown ? "Hide" : "Show"),
  );
}

/** The row of a secret variable: new, stored, replaced, or about to be deleted. */
export function SecretRow({ row, value, me, onChange, onValue, onRemove, onPlain }) {
  const key = useProblem(`${row.id}-key`);
  const said = useProblem(`${row.id}-value`);
  const name = row.key || "the secret";
  const isOpen = !row.stored || row.isOpen;
  const close = () => {
    onValue("");
    onChange({ isOpen: false, isTyped: false });
  };
  const stored = jsx("span", { className: "mono secret-name" }, row.key);
  if (row.isDeleted)
    return jsx(
      "li",
      { className: "value-row is-secret is-deleted" },
      stored,
      jsx("span", { className: "secret-set" }, "is deleted when you save"),
      jsx("button", { type: "button", className: "btn btn-small", onClick: () => onChange({ isDeleted: false }), "aria-label": `Keep ${name}` }, "Undo"),
    );
  return jsx(
    "li",
    { className: "value-row is-secret" },
    row.stored
      ? stored
      : jsx("input", {
          ...key.attributes,
          type: "text",
          className: "field mono",
          "aria-label": "Name of the secret",
          placeholder: "NAME",
          autoComplete: "off",
          spellCheck: false,
          value: row.key,
          onChange: (event) => {
            key.clear();
            onChange({ key: event.target.value });
          },
        }),
    isOpen
      ? jsx(SecretValue, { id: `${row.id}-value`, label: `Value of ${name}`, value, onValue })
      : jsx(SetWhen, { stored: row.stored, me }),
    jsx(
      "select",
      { className: "secret-scope", "aria-label": `Who sees ${name}`, value: row.scope, onChange: (event) => onChange({ scope: event.target.value }) },
      SCOPES.map(([id, words]) => jsx("option", { key: id, value: id }, words)),
    ),
    row.stored
      ? jsx(
          "span",
          { className: "flex" },
          isOpen
            ? jsx("button", { type: "button", className: "btn btn-quiet btn-small", onClick: close }, "Keep the old")
            : jsx("button", { type: "button", className: "btn btn-quiet btn-small", onClick: () => onChange({ isOpen: true }), "aria-label": `Replace ${name}` }, "Replace"),
          jsx("button", { type: "button", className: "btn btn-quiet btn-small btn-danger", onClick: () => onChange({ isDeleted: true }), "aria-label": `Delete ${name}` }, "Delete"),
        )
      : jsx("button", { type: "button", className: "btn btn-quiet btn-small", onClick: onRemove, "aria-label": `Remove ${name}` }, "✕"),
    jsx(Said, { id: `${row.id}-key`, text: key.text }),
    jsx(Said, { id: `${row.id}-value`, text: said.text }),
    row.isTyped && !value && jsx("p", { className: "value-note" }, AGAIN),
    row.isGuess &&
      value &&
      jsx(
        "p",
        { className: "value-note" },
        jsx("span", null, "Taken as a secret by its looks."),
        jsx("button", { type: "button", className: "btn btn-quiet btn-small", onClick: onPlain, "aria-label": `Make ${name} plain` }, "Make it plain"),
      ),
  );
}
