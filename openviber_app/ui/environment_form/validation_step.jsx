import { jsx } from "@emotion/react";
import { labelOf } from "./form_model.js";
import { NodeTable } from "./node_table.jsx";

const SCRIPTS = { setupScript: "Set-up script", maintenanceScript: "Maintenance script", checkCommand: "Check command" };
const SHOWN_MS = 100;
const MARKS = { ok: "done", error: "failed", warning: "warn", skipped: "off", busy: "busy" };

const count = (number, noun) => `${number} ${noun}${number === 1 ? "" : "s"}`;
const sentence = (text) => text && text[0].toUpperCase() + text.slice(1) + (/[.!?…]$/.test(text) ? "" : ".");

/** A card with its state, its title and what there is to say. */
function Card({ status, title, pills = [], aside, children }) {
  return jsx(
    "section",
    { className: "check-card", "data-status": status, "aria-label": title },
    jsx(
      "div",
      { className: "check-head" },
      jsx("span", { className: "mark", "data-kind": MARKS[status], "aria-hidden": true }),
      jsx("h3", null, title),
      pills.map(([text, kind]) => jsx("span", { key: text, className: "pill pill-plain", "data-kind": kind }, text)),
      jsx("span", { className: "flex-1" }),
      aside,
    ),
    children,
  );
}

function Repository({ found, form }) {
  const titles = { ok: "Repository reachable", error: "Repository not reachable", skipped: "Repository not asked" };
  const address = form.repoUrl.trim().replace(/^https:\/\//, "");
  return jsx(
    Card,
    { status: found.status, title: titles[found.status], aside: found.durationMs >= SHOWN_MS && jsx("span", { className: "facts" }, `${(found.durationMs / 1000).toFixed(1)} s`) },
    jsx(
      "p",
      { className: "check-body" },
      found.commit && [
        jsx("span", { key: "a", className: "break-all" }, address),
        " · branch ",
        jsx("b", { key: "b" }, found.branch),
        " → ",
        jsx("span", { key: "c", className: "mono", title: found.commit }, found.commit.slice(0, 7)),
        found.message ? " · " : "",
      ],
      found.commit ? found.message : sentence(found.message),
    ),
  );
}

/** Lines with findings, each after the one before it. */
function Excerpt({ text, findings, label }) {
  const lines = text.split("\n");
  const at = (line) => Math.min(Math.max(1, line), lines.length);
  const marked = new Set(findings.map((found) => at(found.line)));
  const shown = new Set([...marked].flatMap((line) => [line - 1, line]).filter((line) => line >= 1));
  return jsx(
    "div",
    { className: "check-excerpt mono", tabIndex: 0, role: "group", "aria-label": `Lines of: ${label}` },
    [...shown]
      .sort((a, b) => a - b)
      .map((line) => {
        const here = findings.filter((found) => at(found.line) === line);
        const level = ["error", "warning", "info"].find((one) => here.some((found) => found.level === one));
        return jsx(
          "div",
          { key: line },
          jsx("div", { className: "check-line", "data-level": level }, jsx("span", { className: "check-number" }, line), lines[line - 1] || " "),
          here.map((found, n) =>
            jsx("div", { key: n, className: "check-said", "data-level": found.level }, `${found.code}: `, found.message),
          ),
        );
      }),
  );
}

function Script({ found, form, onEdit }) {
  const title = SCRIPTS[found.field];
  const levels = (level) => found.findings.filter((one) => one.level === level).length;
  const [errors, warnings, notes] = ["error", "warning", "info"].map(levels);
  const pills = [
    errors && [count(errors, "error"), "failed"],
    warnings && [count(warnings, "warning"), "warn"],
    notes && [count(notes, "note"), "off"],
  ].filter(Boolean);
  const edit = jsx("button", { type: "button", className: "btn btn-quiet btn-small", onClick: () => onEdit(found.field), "aria-label": `Edit: ${title}` }, "Edit script");
  if (!found.findings.length)
    return jsx(Card, { status: found.status, title, aside: edit }, jsx("p", { className: "check-body" }, "Read, and nothing was found."));
  return jsx(Card, { status: found.status, title, pills, aside: edit }, jsx(Excerpt, { text: form[found.field], findings: found.findings, label: title }));
}

function Variables({ found }) {
  const unknown = found.undefined ?? [];
  const counted = `${count(found.variables, "variable")}, ${count(found.secrets, "secret")}.`;
  return jsx(
    Card,
    { status: found.status, title: "Variables", pills: unknown.length ? [[`${unknown.length} undefined`, "warn"]] : [] },
    jsx(
      "p",
      { className: "check-body" },
      unknown.length
        ? [`${counted} Used by a script and defined nowhere: `, jsx("span", { key: "n", className: "mono" }, unknown.join(", ")), "."]
        : `${counted} Every name used by the scripts is defined.`,
    ),
  );
}

/** What the board found out about the form: fields, repository, scripts, variables, nodes. */
export function ValidationStep({ form, check, problems, onRun, onField }) {
  const again = jsx("button", { type: "button", className: "btn btn-small", onClick: onRun, disabled: check.isRunning }, check.isRunning ? "Checking…" : "Run again");
  const fields = Object.entries(problems);
  const { result } = check;
  return jsx(
    "div",
    { className: "checks", "aria-busy": check.isRunning },
    jsx("p", { role: "status", className: "sr-only" }, check.isRunning ? "Checking" : result ? `${count(result.errors, "error")}, ${count(result.warnings, "warning")}` : ""),
    fields.length > 0 &&
      jsx(
        Card,
        { status: "error", title: `${count(fields.length, "field")} to correct` },
        jsx(
          "ul",
          { className: "check-body" },
          fields.map(([field, { text }]) =>
            jsx("li", { key: field }, jsx("button", { type: "button", className: "link-button", onClick: () => onField(field) }, `${labelOf(field, form)}: ${text}`)),
          ),
        ),
      ),
    check.failure && jsx(Card, { status: "warning", title: "The check did not run", aside: again }, jsx("p", { className: "check-body" }, sentence(check.failure), " You can save without it: the fields are checked then too.")),
    !result && check.isRunning && ["Repository", "Scripts", "Variables", "Node preflight"].map((title) => jsx(Card, { key: title, status: "busy", title }, jsx("p", { className: "check-body" }, "Checking…"))),
    result && [
      jsx(Repository, { key: "repository", found: result.repository, form }),
      ...result.scripts.filter((found) => found.findings.length || form[found.field].trim()).map((found) => jsx(Script, { key: found.field, found, form, onEdit: onField })),
      jsx(Variables, { key: "variables", found: result.variables }),
      jsx(NodeTable, { key: "nodes", nodes: result.nodes, again, Card, count }),
    ],
  );
}
