import { jsx } from "@emotion/react";
import { useEffect, useState } from "react";
import { request } from "../live/request.js";

/** By node and secret: the versions that it was sent, the newest first. */
const linesOf = (deliveries) => {
  const lines = new Map();
  for (const one of deliveries) {
    const id = `${one.secretId} ${one.nodeId}`;
    const line = lines.get(id) ?? { id, key: one.key, node: one.node, current: one.currentVersion, versions: [] };
    line.versions.push(one.version);
    lines.set(id, line);
  }
  return [...lines.values()];
};

const wordsOf = ({ versions, current }) =>
  current === null
    ? `version ${versions[0]} (deleted here since)`
    : versions[0] === current
      ? `version ${current} (current)`
      : `version ${versions[0]} (old; ${current} is current)`;

/** Which node was sent which version of the secrets: it has seen the value, whatever happens here. */
export function Delivered({ environment }) {
  const [found, setFound] = useState(null);
  useEffect(() => {
    let isGone = false;
    request("GET", `/api/environments/${environment}/deliveries`).then(
      (answer) => !isGone && setFound(answer),
      () => undefined, // the form is of use without it
    );
    return () => {
      isGone = true;
    };
  }, [environment]);
  if (!found?.deliveries.length) return null;
  return jsx(
    "section",
    { "aria-labelledby": "delivered-title", className: "delivered" },
    jsx("div", { className: "section-head" }, jsx("h3", { id: "delivered-title" }, "Sent to nodes")),
    jsx("p", { className: "help" }, "A node that was sent a version has seen its value. Replace it where it comes from if you no longer trust the node."),
    jsx(
      "ul",
      { className: "delivered-list" },
      linesOf(found.deliveries).map((line) =>
        jsx(
          "li",
          { key: line.id, "data-kind": line.versions[0] === line.current ? "current" : "old" },
          jsx("span", { className: "mono" }, line.key),
          ` on ${line.node}: ${wordsOf(line)}`,
        ),
      ),
    ),
    found.stale.map((one) =>
      jsx("p", { key: one.bindingId, className: "help" }, `${one.node} was prepared with other secrets (${one.secrets.join(", ")}): prepare it again.`),
    ),
  );
}
