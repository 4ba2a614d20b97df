// What happens to the rows of variables and secrets. A value that is, or looks like, a secret goes
// into `values` (memory of the tab); everything else into the form, which is kept as a draft.
import { looksSecret } from "./env_file.js";
import { isDelicate, newId } from "./form_model.js";

const without = (values, id) => {
  const { [id]: _, ...rest } = values;
  return rest;
};

/** Return `[row, values]` with a variable's name or value changed. */
export function withVariable(row, values, change) {
  const next = { ...row, value: values[row.id] ?? row.value, ...change };
  if (!isDelicate(next)) return [{ ...next, isTyped: undefined }, without(values, row.id)];
  return [{ ...next, value: "", isTyped: Boolean(next.value) }, { ...values, [row.id]: next.value }];
}

/** Return `[form, values]` where a variable became a secret. */
export function toSecret(form, values, row) {
  const value = values[row.id] ?? row.value;
  const secret = { id: newId(), key: row.key, purpose: "variable", scope: "both", isTyped: Boolean(value), isGuess: true };
  const variables = form.variables.filter((other) => other.id !== row.id);
  const kept = value ? { ...without(values, row.id), [secret.id]: value } : without(values, row.id);
  return [{ ...form, variables, secrets: [...form.secrets, secret] }, kept];
}

/** Return `[form, values]` where a new secret became a plain variable. */
export function toPlain(form, values, row) {
  const variable = { id: newId(), key: row.key, value: values[row.id] ?? "", isPlain: true };
  const secrets = form.secrets.filter((other) => other.id !== row.id);
  return [{ ...form, secrets, variables: [...form.variables, variable] }, without(values, row.id)];
}

/** Return `[form, values, said]` with the rows of a .env file in it. */
export function withEnvFile(form, values, { rows, skipped }) {
  let variables = form.variables.filter((row) => row.key || row.value || values[row.id]);
  let secrets = [...form.secrets];
  let kept = { ...values };
  const guarded = [];
  for (const { key, value } of rows) {
    const plain = variables.find((row) => row.key === key);
    const secret = secrets.find((row) => row.key === key && row.purpose === "variable");
    if (secret) {
      secrets = secrets.map((row) => (row === secret ? { ...row, isDeleted: false, isOpen: true, isTyped: true } : row));
      kept[secret.id] = value;
    } else if (plain) {
      const [next, values] = withVariable(plain, kept, { value });
      variables = variables.map((row) => (row === plain ? next : row));
      kept = values;
    } else if (looksSecret(key, value)) {
      const row = { id: newId(), key, purpose: "variable", scope: "both", isTyped: true, isGuess: true };
      secrets.push(row);
      kept[row.id] = value;
      guarded.push(key);
    } else variables.push({ id: newId(), key, value });
  }
  const many = (count, noun) => `${count} ${noun}${count === 1 ? "" : "s"}`;
  const said = [
    rows.length ? `Read ${many(rows.length, "name")}.` : "There is no NAME=value in it.",
    guarded.length && `Taken as secrets by their looks: ${guarded.join(", ")}. You can make one plain.`,
    skipped && `${many(skipped, "line")} could not be read.`,
  ];
  return [{ ...form, variables, secrets }, kept, said.filter(Boolean).join(" ")];
}
