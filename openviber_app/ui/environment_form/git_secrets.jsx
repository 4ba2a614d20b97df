import { jsx } from "@emotion/react";
import { Said, useProblem } from "./fields.jsx";
import { GIT, newId } from "./form_model.js";
import { SecretValue, SetWhen } from "./secret_row.jsx";

const HELP = {
  git_token: "For https addresses: an access token that may read the repository (and push, if runs should).",
  deploy_key: "For ssh addresses: the whole private key file, without a passphrase.",
  known_hosts: "Optional, for ssh: lines of a known_hosts file. Then only these host keys are trusted.",
};

function GitSecret({ purpose, row, value, me, onChange, onValue, onRemove, onAdd }) {
  const { label } = GIT[purpose];
  const said = useProblem(`${row?.id}-value`);
  const isOpen = row && !row.isDeleted && (!row.stored || row.isOpen);
  const button = (words, onClick, isDanger) =>
    jsx("button", { type: "button", className: `btn btn-quiet btn-small ${isDanger ? "btn-danger" : ""}`, onClick, "aria-label": `${words}: ${label}` }, words);
  return jsx(
    "div",
    { className: "git-secret", "data-deleted": Boolean(row?.isDeleted) },
    jsx(
      "div",
      { className: "section-head" },
      jsx("span", { className: "font-medium" }, label),
      row?.isDeleted && jsx("span", { className: "secret-set" }, "is deleted when you save"),
      row?.stored && !row.isDeleted && !isOpen && jsx(SetWhen, { stored: row.stored, me }),
      jsx("span", { className: "flex-1" }),
      !row && button("Add", onAdd),
      row && !row.stored && button("Remove", onRemove),
      row?.stored && !row.isDeleted && !isOpen && button("Replace", () => onChange({ isOpen: true })),
      row?.stored && isOpen && button("Keep the old", () => onChange({ isOpen: false, isTyped: false }, "")),
      row?.stored && !row.isDeleted && button("Delete", () => onChange({ isDeleted: true }), true),
      row?.isDeleted && button("Undo", () => onChange({ isDeleted: false })),
    ),
    jsx("p", { className: "help !mt-0" }, HELP[purpose]),
    isOpen &&
      jsx(
        "div",
        { className: "git-value" },
        purpose === "git_token" &&
          jsx("input", {
            type: "text",
            className: "field mono",
            "aria-label": "User name that belongs to the token",
            placeholder: "user name (if your host wants one)",
            autoComplete: "off",
            spellCheck: false,
            value: row.user ?? "",
            onChange: (event) => onChange({ user: event.target.value }),
          }),
        jsx(SecretValue, {
          id: `${row.id}-value`,
          label: `${label}, its value`,
          placeholder: purpose === "deploy_key" ? "-----BEGIN OPENSSH PRIVATE KEY-----" : purpose === "known_hosts" ? "git.example.org ssh-ed25519 AAAA…" : "token",
          rows: purpose === "git_token" ? 1 : 3,
          isOpen: purpose === "known_hosts",
          value,
          onValue,
        }),
        jsx(Said, { id: `${row.id}-value`, text: said.text }),
        row.isTyped && !value && jsx("p", { className: "help text-amber" }, "Type it again: secret values are not kept over a reload."),
      ),
  );
}

/** How git proves itself: what fits the address, and whatever is stored already. */
export function GitSecrets({ form, change, values, setValues, me }) {
  const isSsh = /^(ssh:|[\w.-]+@[^/]+:)/.test(form.repoUrl.trim());
  const usual = isSsh ? ["deploy_key", "known_hosts"] : ["git_token"];
  const rows = Object.fromEntries(form.secrets.filter((row) => row.purpose !== "variable").map((row) => [row.purpose, row]));
  const shown = Object.keys(GIT).filter((purpose) => usual.includes(purpose) || rows[purpose]);
  const drop = (id) => {
    const { [id]: _, ...kept } = values;
    setValues(kept);
  };
  const replace = (row, part) => change({ secrets: form.secrets.map((other) => (other.id === row.id ? { ...other, ...part } : other)) });
  return jsx(
    "section",
    { "aria-labelledby": "git-title" },
    jsx("div", { className: "section-head" }, jsx("h3", { id: "git-title" }, "Git credential")),
    jsx("p", { className: "help" }, "Only git sees it, and no script. A public repository needs none."),
    shown.map((purpose) => {
      const row = rows[purpose];
      return jsx(GitSecret, {
        key: purpose,
        purpose,
        row,
        me,
        value: row ? (values[row.id] ?? "") : "",
        onAdd: () => {
          const made = { id: newId(), key: GIT[purpose].key, purpose, scope: "both" };
          change({ secrets: [...form.secrets, made] });
          setTimeout(() => document.getElementById(`${made.id}-value`)?.focus());
        },
        onRemove: () => {
          drop(row.id);
          change({ secrets: form.secrets.filter((other) => other.id !== row.id) });
        },
        onChange: (part, value) => {
          if (value === "") drop(row.id);
          replace(row, part);
        },
        onValue: (value) => {
          setValues({ ...values, [row.id]: value });
          if (Boolean(value) !== Boolean(row.isTyped)) replace(row, { isTyped: Boolean(value) });
        },
      });
    }),
  );
}
