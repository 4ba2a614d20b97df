import { jsx } from "@emotion/react";
import { useEffect, useState } from "react";
import { confirm } from "../kit/confirm.js";
import { Ago } from "../live/ago.jsx";
import { request } from "../live/request.js";
import { count } from "../live/words.js";
import { KeyRow } from "./key_row.jsx";
import { useLoaded } from "./loaded.js";
import { Refusal, Section, Waiting } from "./text_field.jsx";

const PATH = "/api/keys/signing";
const LOOK_EVERY = 2000; // ms, while a node has yet to follow
const TEXT = "Proves to a node that its work comes from this board. Nodes trust the key that they were given when they were added.";
const ROTATE =
  "The board signs with a new key from now on, and the old key vouches for it. Connected nodes come back by themselves within seconds; what runs there goes on. Nodes that are away follow when they are next here. Nothing has to be set up again.";

const Key = ({ keyId, since, earlierKeyIds }) =>
  jsx(
    KeyRow,
    { keyId },
    jsx("span", { className: "text-green" }, "current"),
    since ? jsx("span", null, "set ", jsx(Ago, { at: since, after: " ago" })) : jsx("span", null, "since the board's first start"),
    earlierKeyIds.length > 0 && jsx("span", { title: earlierKeyIds.join("\n") }, `${count(earlierKeyIds.length, "key")} before it`),
  );

const Missing = ({ node }) =>
  jsx(
    "li",
    { className: "keys-node" },
    jsx("span", { className: "mark", "data-kind": node.isConnected ? "busy" : "off", "aria-hidden": true }),
    jsx("span", { className: "font-medium" }, node.name),
    jsx("span", null, node.isConnected ? "coming back" : "away; follows when it connects"),
  );

/** How far a change has come: said for as long as it is of interest, and kept as one line after. */
const Followers = ({ nodes }) => {
  const missing = nodes.filter((node) => !node.hasKey);
  if (!nodes.length) return null;
  if (!missing.length)
    return jsx("p", { role: "status", className: "text-tx2" }, nodes.length === 1 ? `${nodes[0].name} has taken it.` : `All ${nodes.length} nodes have taken it.`);
  const done = nodes.length - missing.length;
  return jsx(
    "div",
    { className: "keys-rotation" },
    jsx(
      "div",
      null,
      jsx("p", { role: "status", className: "text-tx2" }, `${done} of ${count(nodes.length, "node")} ${done === 1 ? "has" : "have"} taken the new key.`),
      jsx("progress", { className: "progress", value: done, max: nodes.length, "aria-label": "Nodes with the new key" }),
    ),
    jsx("ul", { className: "keys-nodes", "aria-label": "Nodes that have not taken it yet" }, missing.map((node) => jsx(Missing, { key: node.id, node }))),
  );
};

/** The key with which the board signs, and which nodes follow it; owners put a new one in its place. */
export function SigningKey({ isOwner }) {
  const { value, problem, reload } = useLoaded(PATH);
  const [refusal, setRefusal] = useState("");
  const [isBusy, setBusy] = useState(false);
  const goesOn = Boolean(value?.nodes.some((node) => !node.hasKey));
  useEffect(() => {
    if (!goesOn) return undefined;
    const timer = setInterval(reload, LOOK_EVERY);
    return () => clearInterval(timer);
  }, [goesOn, reload]);
  const rotate = async () => {
    if (!(await confirm({ title: "Rotate the signing key?", text: ROTATE, action: "Rotate" }))) return;
    setBusy(true);
    try {
      await request("POST", `${PATH}/rotate`);
      setRefusal("");
    } catch (refused) {
      setRefusal(refused.message);
    }
    await reload();
    setBusy(false);
  };
  return jsx(
    Section,
    { title: "Signing key", text: TEXT },
    (problem || refusal) && jsx(Refusal, { text: refusal || problem, onRetry: reload }),
    value
      ? jsx(
          "div",
          { className: "keys-body" },
          jsx("ul", { className: "settings-list" }, jsx(Key, value)),
          value.since && jsx(Followers, value),
          isOwner
            ? jsx("div", { className: "keys-actions" }, jsx("button", { type: "button", className: "btn", disabled: isBusy, onClick: rotate }, "Rotate signing key…"))
            : jsx("p", { className: "text-tx2" }, "An owner of this board can rotate it."),
        )
      : !problem && jsx(Waiting),
  );
}
