import { jsx } from "@emotion/react";
import { Ago } from "$/public/external/openviber_app/ui/live/ago.jsx";
import { nodeFacts, pillOf } from "./node_words.js";

const Facts = ({ node }) => {
  if (node.issues.length) return jsx("span", { className: "node-issue" }, node.issues.join("; "));
  if (node.link === "connected") return jsx("span", { className: "facts" }, nodeFacts(node));
  if (node.link === "revoked") return jsx("span", { className: "facts" }, "revoked");
  return jsx("span", { className: "facts" }, "offline", node.lastSeenAt && " · seen ", node.lastSeenAt && jsx(Ago, { at: node.lastSeenAt, after: " ago" }));
};

const Badge = ({ node, isOnly }) => {
  if (node.issues.length)
    return jsx("span", { className: "pill", "data-kind": "failed" }, node.issues.length === 1 ? "1 issue" : `${node.issues.length} issues`);
  if (node.status) {
    const { word, kind } = pillOf({ status: node.status });
    return jsx("span", { className: "pill", "data-kind": kind }, word);
  }
  if (node.isBest && !isOnly) return jsx("span", { className: "pill", "data-kind": "ready" }, "best fit");
  return null;
};

/** The nodes of which one is chosen; one that cannot do it says why. */
export function NodeCards({ nodes, selected, onSelect }) {
  return jsx(
    "fieldset",
    { className: "map-nodes" },
    jsx("legend", { className: "label" }, "Node"),
    nodes.map((node) =>
      jsx(
        "label",
        { key: node.nodeId, className: "map-node", "data-link": node.link },
        jsx("input", {
          type: "radio",
          name: "nodeId",
          className: "sr-only",
          value: node.nodeId,
          checked: node.nodeId === selected,
          disabled: node.issues.length > 0,
          onChange: () => onSelect(node.nodeId),
        }),
        jsx("span", { className: "mark", "data-kind": node.link === "connected" ? "online" : "off", "aria-hidden": true }),
        jsx(
          "span",
          { className: "min-w-0 flex-1" },
          jsx("span", { className: "block font-medium" }, node.name),
          jsx(Facts, { node }),
        ),
        jsx(Badge, { node, isOnly: nodes.length === 1 }),
      ),
    ),
  );
}
