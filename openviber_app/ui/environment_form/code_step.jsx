import { jsx } from "@emotion/react";
import { Choice, Switch, TextField } from "./fields.jsx";
import { ScriptEditor } from "./script_editor.jsx";

const MODES = [
  { id: "auto", label: "Find it out", help: "from the lockfiles" },
  { id: "manual", label: "Run my script", help: "written below" },
];
const AUTO =
  "The node looks for lockfiles in the working directory and runs what they call for: uv, poetry or pip; pnpm, yarn, bun or " +
  "npm; cargo; go; bundler; composer. Their tools have to be on the node.";

/** How the files become something that can be worked in. */
export function CodeStep({ form, change, findings }) {
  const isRepository = form.type === "github";
  const hasGit = form.type !== "manual";
  const set = (name) => (value) => change({ [name]: value });
  return jsx(
    "div",
    { className: "step-body" },
    jsx(TextField, {
      id: "workingDir",
      name: "workingDir",
      label: "Working directory",
      optional: "optional",
      help: "Inside the environment, such as services/api; empty is its top folder. Scripts and runs start here.",
      isMono: true,
      value: form.workingDir,
      placeholder: ".",
      onChange: set("workingDir"),
    }),
    jsx(Choice, { name: "setupMode", label: "Set-up", options: MODES, value: form.setupMode, onChange: set("setupMode") }),
    form.setupMode === "auto"
      ? jsx(
          "p",
          { className: "help form-note" },
          form.type === "manual" ? "An empty folder has no lockfiles: nothing is run. Write a script to fill it." : AUTO,
        )
      : jsx(ScriptEditor, {
          id: "setupScript",
          label: "Set-up script",
          lines: 10,
          help: "Runs in bash and ends at the first command that fails.",
          value: form.setupScript,
          placeholder: "uv sync --frozen",
          findings: findings.setupScript,
          onChange: set("setupScript"),
        }),
    jsx(ScriptEditor, {
      id: "maintenanceScript",
      label: "Maintenance script",
      optional: "optional",
      help: "Runs instead of the set-up in a workspace that was set up before; without it the set-up runs again.",
      value: form.maintenanceScript,
      findings: findings.maintenanceScript,
      onChange: set("maintenanceScript"),
    }),
    jsx(ScriptEditor, {
      id: "checkCommand",
      label: "Check command",
      optional: "optional",
      lines: 2,
      help: "The environment is ready only when this ends well.",
      value: form.checkCommand,
      placeholder: "python -c 'import checkout'",
      findings: findings.checkCommand,
      onChange: set("checkCommand"),
    }),
    jsx(TextField, {
      id: "minutes",
      name: "minutes",
      label: "Time limit, in minutes",
      help: "For each script or set-up command; at most 1440 (a day).",
      className: "field-short",
      inputMode: "decimal",
      value: form.minutes,
      onChange: set("minutes"),
    }),
    jsx(
      "div",
      { className: "form-switches" },
      jsx(Switch, {
        id: "persistVolume",
        label: "Keep the volume",
        help: "The folder $VIBER_VOLUME outlives prepares: caches, data. Otherwise each prepare empties it.",
        isOn: form.persistVolume,
        onChange: set("persistVolume"),
      }),
      isRepository &&
        jsx(Switch, {
          id: "submodules",
          label: "Submodules",
          help: "Fetch the repositories inside the repository too.",
          isOn: form.submodules,
          onChange: set("submodules"),
        }),
      hasGit &&
        jsx(Switch, {
          id: "useNodeCredentials",
          label: "Use the node's git credentials",
          help: "Git then acts as the node's own user: its keys, agents and helpers.",
          isOn: form.useNodeCredentials,
          onChange: set("useNodeCredentials"),
        }),
    ),
    jsx(
      "fieldset",
      null,
      jsx("legend", { className: "label" }, "Author of commits", jsx("span", { className: "field-optional" }, "optional")),
      jsx(
        "div",
        { className: "field-row" },
        jsx(TextField, { id: "authorName", name: "authorName", label: "Name", value: form.authorName, placeholder: "your own", onChange: set("authorName") }),
        jsx(TextField, {
          id: "authorEmail",
          name: "authorEmail",
          label: "E-mail",
          inputMode: "email",
          value: form.authorEmail,
          placeholder: "your own",
          onChange: set("authorEmail"),
        }),
      ),
    ),
  );
}
