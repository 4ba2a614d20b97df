import { jsx } from "@emotion/react";
import { useState } from "react";
import { Link, useSearchParams } from "react-router";
import { openDialog } from "$/public/external/openviber_app/ui/kit/dialogs.js";
import { Ago } from "$/public/external/openviber_app/ui/live/ago.jsx";
import { drawnWords } from "$/public/external/openviber_app/ui/live/redacted.js";
import { Masked } from "$/public/external/openviber_app/ui/live/redacted.jsx";
import { Actions } from "./actions.jsx";
import { noteOf, pillOf } from "./node_words.js";
import { useLive } from "./use_live.js";

/** Every environment with the places where it is; those that are nowhere too. */
const rowsOf = (environments, bindings) =>
  environments.flatMap((environment) => {
    const own = bindings.filter((binding) => binding.environmentId === environment.id);
    return own.length ? own.map((binding) => ({ environment, binding })) : [{ environment, binding: null }];
  });

const textOf = ({ environment, binding }) =>
  [environment.name, environment.repoUrl, binding?.nodeName, binding ? pillOf(binding).word : "unmapped", binding?.resolvedWorkingDir]
    .join(" ")
    .toLowerCase();

const Status = ({ binding }) => {
  const { word, kind } = binding ? pillOf(binding) : { word: "Unmapped", kind: "off" };
  return jsx("span", { className: "pill", "data-kind": kind }, jsx("span", { className: "mark", "data-kind": kind, "aria-hidden": true }), word);
};

const Cell = ({ name, className = "", children }) => jsx("td", { "data-label": name, className }, children);

function Row({ environment, binding, isFirst, isOnly }) {
  const [problem, setProblem] = useState("");
  const note = binding ? noteOf(binding) : "";
  const map = () => openDialog("map", { environment: environment.id });
  return jsx(
    "tr",
    { className: isFirst ? "is-first" : undefined },
    jsx("th", { scope: "row" }, jsx(Link, { to: `/environments/${environment.id}`, className: "hover:underline" }, environment.name)),
    jsx(
      Cell,
      { name: "Node" },
      binding
        ? [
            jsx("span", { key: "name" }, binding.nodeName),
            binding.isDefault && !isOnly && jsx("span", { key: "default", className: "facts" }, " default"),
            binding.nodeLink !== "connected" && jsx("span", { key: "link", className: "facts" }, " offline"),
          ]
        : jsx("span", { className: "text-tx3" }, "none"),
    ),
    jsx(
      Cell,
      { name: "Status" },
      jsx(Status, { binding }),
      note && jsx("p", { className: "row-note", title: drawnWords(note) }, jsx(Masked, { text: note })),
      problem && jsx("p", { role: "alert", className: "text-red" }, problem),
    ),
    jsx(
      Cell,
      { name: "Path", className: "cell-path" },
      binding?.resolvedWorkingDir
        ? jsx("span", { className: "mono", title: drawnWords(binding.resolvedWorkingDir) }, jsx(Masked, { text: binding.resolvedWorkingDir }))
        : jsx("span", { className: "text-tx3" }, "–"),
    ),
    jsx(
      Cell,
      { name: "Last prepare" },
      binding?.lastPrepareAt ? jsx("span", null, jsx(Ago, { at: binding.lastPrepareAt, after: " ago" })) : jsx("span", { className: "text-tx3" }, "–"),
    ),
    jsx(
      "td",
      { className: "cell-actions" },
      binding
        ? jsx(Actions, { binding, onProblem: setProblem })
        : jsx(
            "div",
            { className: "binding-actions" },
            jsx("button", { type: "button", className: "btn btn-small", onClick: map, "aria-label": `Map ${environment.name} to node` }, "Map to node"),
          ),
    ),
  );
}

const HEADS = ["Environment", "Node", "Status", "Path", "Last prepare"];

const Empty = ({ title, text, children }) =>
  jsx("div", { className: "map-empty" }, jsx("p", { className: "font-medium" }, title), jsx("p", { className: "text-tx2" }, text), children);

/** Every environment by node: where it is, how it stands, and what can be done there. */
export function Mappings({ className }) {
  const [query, setQuery] = useSearchParams();
  const { data: found, problem } = useLive("/api/bindings");
  const { data: all } = useLive("/api/environments");
  const wanted = query.get("q") ?? "";
  const typed = (event) =>
    setQuery(
      (last) => {
        const next = new URLSearchParams(last);
        if (event.target.value) next.set("q", event.target.value);
        else next.delete("q");
        return next;
      },
      { replace: true },
    );
  if (problem && !found) return jsx("p", { role: "alert", className: "text-red p-6" }, problem.message);
  if (!found || !all) return jsx("div", { className });
  const rows = rowsOf(all.environments, found.bindings);
  const words = wanted.toLowerCase().split(/\s+/).filter(Boolean);
  const shown = rows.filter((row) => words.every((word) => textOf(row).includes(word)));
  const create = jsx(Link, { to: "/environments/new", className: "btn btn-primary" }, "Create environment");
  if (!rows.length)
    return jsx("div", { className }, jsx(Empty, { title: "No environment yet", text: "An environment is a repository with its set-up. Each can be mapped to any of your nodes.", children: create }));
  return jsx(
    "div",
    { className },
    jsx("input", {
      type: "search",
      className: "field mappings-filter",
      "aria-label": "Filter by environment, node, status or path",
      placeholder: "Filter by environment, node, status or path",
      defaultValue: wanted,
      onChange: typed,
    }),
    jsx("p", { role: "status", className: "sr-only" }, words.length ? `${shown.length} of ${rows.length} shown` : ""),
    shown.length
      ? jsx(
          "table",
          { className: "mappings" },
          jsx(
            "thead",
            null,
            jsx("tr", null, HEADS.map((head) => jsx("th", { key: head, scope: "col" }, head)), jsx("td", { key: "actions" })),
          ),
          jsx(
            "tbody",
            null,
            shown.map(({ environment, binding }, n) =>
              jsx(Row, { key: binding?.id ?? environment.id, environment, binding, isFirst: shown[n - 1]?.environment.id !== environment.id, isOnly: found.bindings.filter((one) => one.environmentId === environment.id).length < 2 }),
            ),
          ),
        )
      : jsx(Empty, { title: "Nothing fits", text: `No environment, node, status or path has “${wanted}” in it.` }),
  );
}
