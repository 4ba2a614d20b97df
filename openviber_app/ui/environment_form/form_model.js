// The form of an environment as plain values: what it starts from, what it sends, where an answer
// about it belongs. Values of secrets are never part of a form; they come beside it.
import { looksSecret } from "./env_file.js";

export const STEPS = [
  { id: "basic", title: "Basic" },
  { id: "code", title: "Code execution" },
  { id: "variables", title: "Variables" },
  { id: "validation", title: "Validation" },
];
export const GIT = {
  git_token: { key: "git.token", label: "Git token" },
  deploy_key: { key: "git.deploy_key", label: "Deploy key" },
  known_hosts: { key: "git.known_hosts", label: "Known hosts" },
};
const CODE = ["workingDir", "setupMode", "setupScript", "maintenanceScript", "checkCommand", "timeLimitSeconds"];
const CODE_TOO = ["persistVolume", "submodules", "useNodeCredentials", "authorName", "authorEmail"];
const REPOSITORY = ["repoUrl", "repoBranch", "submodules"];
const TEXTS = ["name", "description", "repoUrl", "repoBranch", "localPath", "workingDir", "setupScript"];
const TEXTS_TOO = ["maintenanceScript", "checkCommand", "authorName", "authorEmail"];

export const newId = () => `r${Date.now().toString(36)}${Math.random().toString(36).slice(2, 8)}`;

export const EMPTY = Object.freeze({
  ...Object.fromEntries([...TEXTS, ...TEXTS_TOO].map((name) => [name, ""])),
  type: "github",
  setupMode: "auto",
  minutes: "20",
  persistVolume: false,
  submodules: false,
  useNodeCredentials: false,
  suggested: "",
  variables: [],
  secrets: [],
  kept: {},
});

/** Return the form of a stored environment. */
export function formOf(environment) {
  const form = { ...EMPTY };
  for (const name of Object.keys(EMPTY)) if (name in environment) form[name] = environment[name];
  form.minutes = String(Math.round((environment.timeLimitSeconds / 60) * 1000) / 1000);
  form.variables = environment.variables.map((item) => ({ id: `v:${item.key}`, ...item, isPlain: true }));
  form.secrets = environment.secrets.map((item) => ({
    id: `s:${item.key}`,
    key: item.key,
    purpose: item.purpose,
    scope: item.scope,
    stored: { scope: item.scope, updatedAt: item.updatedAt, setBy: item.setBy },
  }));
  const { containerImage, networkAccess, metadata } = environment;
  form.kept = { containerImage, networkAccess, metadata };
  return form;
}

/** Whether a variable's value may not be kept: it looks like a secret, and nobody said otherwise. */
export const isDelicate = (row) => !row.isPlain && looksSecret(row.key, row.value);

const secondsOf = (minutes) => {
  const number = Number(String(minutes).trim().replace(",", "."));
  return String(minutes).trim() && Number.isFinite(number) ? Math.round(number * 60) : 0;
};

const secretChange = (row, value) => {
  const named = row.purpose === "variable" ? { key: row.key.trim(), scope: row.scope } : { key: GIT[row.purpose].key };
  const change = { ...named, purpose: row.purpose };
  if (row.isDeleted) return row.stored ? { key: change.key, purpose: row.purpose, delete: true } : null;
  const isTyped = value !== undefined && value !== "";
  const user = row.purpose === "git_token" && isTyped && row.user ? `${row.user.trim()}:` : "";
  if (isTyped) return { ...change, value: user + value };
  if (row.stored) return row.scope !== row.stored.scope ? change : null;
  return row.key || row.purpose !== "variable" ? change : null;
};

/**
 * Return `{ body, rows }`: the API's JSON for a form, and which row stands at `/variables/0` and so
 * on. `values` has the secrets and the delicate values by row; without it they are left out.
 */
export function bodyOf(form, values = {}) {
  const body = { name: form.name, type: form.type, description: form.description, ...form.kept };
  for (const name of [...CODE, ...CODE_TOO]) if (name in form) body[name] = form[name];
  body.timeLimitSeconds = secondsOf(form.minutes);
  if (form.type === "github") for (const name of REPOSITORY) body[name] = form[name];
  else body.submodules = false;
  if (form.type === "local") body.localPath = form.localPath;
  const rows = {};
  body.variables = [];
  for (const row of form.variables) {
    const value = values[row.id] ?? row.value;
    if (!row.key.trim() && !value) continue;
    rows[`/variables/${body.variables.length}`] = row.id;
    body.variables.push({ key: row.key.trim(), value });
  }
  body.secrets = [];
  for (const row of form.secrets) {
    const change = secretChange(row, values[row.id]);
    if (!change) continue;
    rows[`/secrets/${body.secrets.length}`] = row.id;
    body.secrets.push(change);
  }
  return { body, rows };
}

const FIELDS = { repoOrg: "repoUrl", repoName: "repoUrl", timeLimitSeconds: "minutes", containerImage: "workingDir" };

/** Return where a problem belongs: `{ step, field }`, `field` being the id of its input. */
export function placeOf(pointer, rows) {
  const [, noun = "", at, part = "value"] = pointer.split("/");
  if (noun === "variables" || noun === "secrets") {
    const row = rows[`/${noun}/${at}`];
    return { step: "variables", field: row ? `${row}-${part}` : noun };
  }
  const field = FIELDS[noun] ?? noun;
  const isCode = [...CODE, ...CODE_TOO, "minutes", "metadata"].includes(field);
  return { step: !field ? "validation" : isCode ? "code" : "basic", field };
}

/** Return the problems of an answer by field: `{ [field]: { step, text } }`, in the form's order. */
export function problemsOf(errors, rows) {
  const found = {};
  for (const error of errors) {
    const { step, field } = placeOf(error.pointer, rows);
    const text = error.detail[0].toUpperCase() + error.detail.slice(1) + (/[.!?…]$/.test(error.detail) ? "" : ".");
    found[field] = { step, text: found[field] ? `${found[field].text} ${text}` : text };
  }
  const order = STEPS.map((step) => step.id);
  return Object.fromEntries(Object.entries(found).sort((a, b) => order.indexOf(a[1].step) - order.indexOf(b[1].step)));
}

const LABELS = {
  name: "Name",
  description: "Description",
  repoUrl: "Repository address",
  repoBranch: "Branch",
  localPath: "Path on the node",
  workingDir: "Working directory",
  setupScript: "Set-up script",
  maintenanceScript: "Maintenance script",
  checkCommand: "Check command",
  minutes: "Time limit",
  authorName: "Author's name",
  authorEmail: "Author's e-mail",
  variables: "Variables",
  secrets: "Secrets",
};

/** Return what a person calls a field. */
export function labelOf(field, form) {
  const row = [...form.variables, ...form.secrets].find((one) => field.startsWith(`${one.id}-`));
  if (row) return GIT[row.purpose]?.label ?? (row.key || "A row without a name");
  return LABELS[field] ?? "Environment";
}
