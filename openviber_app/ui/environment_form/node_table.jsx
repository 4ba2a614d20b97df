import { jsx } from "@emotion/react";
import { Ago } from "$/public/external/openviber_app/ui/live/ago.jsx";

const COLUMNS = ["node", "fits", "disk", "memory", "git", "system"];
const GB = 1e9;

const size = (bytes) => {
  if (!bytes) return "";
  return bytes >= 1000 * GB ? `${(bytes / GB / 1000).toFixed(1)} TB` : `${(bytes / GB).toFixed(bytes < 10 * GB ? 1 : 0)} GB`;
};

function Row({ node }) {
  if (node.link !== "connected")
    return jsx(
      "tr",
      { className: "text-tx3" },
      jsx("th", { scope: "row" }, node.name),
      jsx(
        "td",
        { colSpan: COLUMNS.length - 1 },
        node.link === "waiting" ? "waits for its one-time command: not asked" : ["unreachable", node.linkChangedAt && [" since ", jsx(Ago, { key: "at", at: node.linkChangedAt })], ": not asked"],
      ),
    );
  const system = [node.os, node.cores && `${node.cores} cores`].filter(Boolean).join(" · ");
  return [
    jsx(
      "tr",
      { key: "facts" },
      jsx("th", { scope: "row" }, node.name),
      jsx("td", { className: node.fits ? "text-green" : "text-red" }, jsx("span", { className: "mark", "data-kind": node.fits ? "done" : "failed", "aria-hidden": true }), node.fits ? " yes" : " no"),
      [size(node.diskFreeBytes), size(node.memoryFreeBytes), node.git, system].map((text, at) => jsx("td", { key: at }, text || "unknown")),
    ),
    ...node.reasons.map((reason, at) =>
      jsx("tr", { key: at, className: node.fits ? "text-amber" : "text-red" }, jsx("td"), jsx("td", { colSpan: COLUMNS.length - 1 }, reason)),
    ),
  ];
}

/** Which nodes could prepare it, as each last said of itself. */
export function NodeTable({ nodes, again, Card, count }) {
  const notes = nodes.filter((node) => node.link !== "connected" || !node.fits || node.reasons.length).length;
  const status = notes || !nodes.length ? "warning" : "ok";
  return jsx(
    Card,
    { status, title: "Node preflight", pills: notes ? [[count(notes, "note"), "warn"]] : [], aside: again },
    nodes.length
      ? jsx(
          "div",
          { className: "node-table", tabIndex: 0, role: "group", "aria-label": "Nodes" },
          jsx(
            "table",
            null,
            jsx("thead", null, jsx("tr", null, COLUMNS.map((name) => jsx("th", { key: name, scope: "col" }, name)))),
            jsx("tbody", null, nodes.map((node) => jsx(Row, { key: node.id, node }))),
          ),
        )
      : jsx("p", { className: "check-body" }, "There is no node yet. You can create the environment now and add a node when you map it."),
  );
}
