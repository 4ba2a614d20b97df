import { jsx } from "@emotion/react";
import { useState } from "react";
import { Link, useNavigate } from "react-router";
import { Icon } from "$/public/external/openviber_app/ui/kit/icons.jsx";
import { Menu } from "$/public/external/openviber_app/ui/kit/menu.jsx";
import { Ago } from "$/public/external/openviber_app/ui/live/ago.jsx";
import { Masked } from "$/public/external/openviber_app/ui/live/redacted.jsx";
import { request } from "$/public/external/openviber_app/ui/live/request.js";
import { refusalOf } from "$/public/external/openviber_app/ui/live/words.js";
import { actionsOf, drainNode, resumeNode, revokeNode, rotateKeys, settleIdentity } from "./actions.js";
import { CommandBlock } from "./command_block.jsx";
import { LinkState, ShowCommand, seenWords, sentence } from "./node_card.jsx";
import { NodeName } from "./node_name.jsx";
import { removeNode } from "./removal.js";

const Notice = ({ kind, title, children }) =>
  jsx(
    "div",
    { className: "node-notice", "data-kind": kind },
    jsx(Icon, { name: kind === "info" ? "info" : "warn" }),
    jsx("div", { className: "min-w-0 flex-1" }, jsx("p", { className: "font-medium" }, title), children),
  );

/** What is the matter with a node, and what to do about it. */
function Notices({ card, act }) {
  return [
    card.link === "revoked" &&
      jsx(
        Notice,
        { key: "revoked", kind: "warn", title: "This node is revoked" },
        jsx("p", null, "Its token and keys are worth nothing, and nothing is sent to it. ", seenWords(card)),
        jsx(Seen, { seen: card.seen }),
      ),
    card.fenced_at &&
      jsx(
        Notice,
        { key: "fenced", kind: "warn", title: "Two daemons use this node's identity" },
        jsx(
          "p",
          null,
          "The newer one took its place ",
          jsx(Ago, { at: card.fenced_at }),
          "; the older one was sent away. If a home folder was copied, stop one of them and add it as a node of its " +
            "own. If you know of no copy, rotate its keys, or revoke it. This warning goes an hour after the last time.",
        ),
        jsx(
          "div",
          { className: "mt-2 flex flex-wrap gap-2" },
          jsx("button", { type: "button", className: "btn btn-small", onClick: () => act.rotate() }, "Rotate keys"),
          jsx("button", { type: "button", className: "btn btn-small", onClick: () => act.settle() }, "It is settled"),
        ),
      ),
    card.is_drained &&
      jsx(
        Notice,
        { key: "drained", kind: "info", title: `${card.name} is drained: takes no new work` },
        jsx("p", null, "What runs there goes on; what is queued waits until it is resumed."),
        jsx(
          "div",
          { className: "mt-2" },
          jsx("button", { type: "button", className: "btn btn-small", onClick: () => act.resume() }, "Resume"),
        ),
      ),
    card.rotation &&
      jsx(Notice, {
        key: "rotation",
        kind: card.rotation.includes("kept its keys") ? "warn" : "info",
        title: sentence(card.rotation),
      }),
    card.link === "waiting" &&
      jsx(
        Notice,
        { key: "waiting", kind: "info", title: "No machine has claimed it yet" },
        jsx("p", null, "Run its one-time command on the machine. A new command ends the one before."),
        jsx("div", { className: "mt-2" }, jsx(ShowCommand, { card })),
      ),
    card.link === "unreachable" &&
      jsx(
        Notice,
        { key: "away", kind: "warn", title: card.changed_at ? "It is not connected" : "It has not connected yet" },
        card.reason && jsx("p", null, sentence(card.reason)),
        jsx(
          "p",
          null,
          "On the machine, ",
          jsx("code", null, "openviber status"),
          " says whether the daemon runs, ",
          jsx("code", null, "openviber doctor"),
          " what keeps it away, and ",
          jsx("code", null, "openviber start"),
          " starts it. What runs there goes on meanwhile.",
        ),
      ),
    card.newer_version &&
      jsx(
        Notice,
        { key: "old", kind: "warn", title: `Its daemon is ${card.version}; this board brings ${card.newer_version}` },
        jsx("p", null, "Run this on the machine; work that goes on is not disturbed."),
        jsx(CommandBlock, { text: card.update_command, label: "Command that renews the daemon" }),
      ),
    card.skew &&
      jsx(
        Notice,
        { key: "skew", kind: "warn", title: `Its clock is ${card.skew}` },
        jsx("p", null, "Secrets are sealed with an expiry and will look expired. Set the machine's clock."),
      ),
  ];
}

/** The secrets that a revoked node has seen; each leads to where it is changed. */
const Seen = ({ seen }) =>
  seen.length > 0 &&
  jsx(
    "ul",
    { className: "node-seen", "aria-label": "Secrets that it has seen" },
    seen.map((one) =>
      jsx(
        "li",
        { key: `${one.href} ${one.name}` },
        jsx("span", { className: "mark", "data-kind": one.is_open ? "warn" : "done", "aria-hidden": true }),
        jsx(
          "span",
          { className: "min-w-0 flex-1" },
          jsx(Link, { to: one.href, className: "node-row-link mono break-all" }, one.name),
          jsx("span", { className: "text-tx2" }, ` of ${one.environment}`),
        ),
        jsx("span", { className: "text-tx2 text-[11px]" }, one.words),
      ),
    ),
  );

const Section = ({ title, children }) =>
  jsx("section", { className: "node-section" }, jsx("h3", null, title), children);

const Row = ({ mark, href, name, words, note, path }) =>
  jsx(
    "li",
    { className: "node-row" },
    jsx("span", { className: "mark", "data-kind": mark, "aria-hidden": true }),
    jsx(
      "div",
      { className: "min-w-0 flex-1" },
      jsx(Link, { to: href, className: "node-row-link" }, name),
      path && jsx("p", { className: "mono text-tx3 break-all" }, jsx(Masked, { text: path })),
      note && jsx("p", { className: "text-tx2 break-words" }, jsx(Masked, { text: sentence(note) })),
    ),
    jsx("span", { className: "text-tx2 text-[11px] whitespace-nowrap" }, words),
  );

const Facts = ({ card }) => {
  const facts = [
    ["Last seen", card.last_seen_at ? jsx(Ago, { at: card.last_seen_at }) : "never"],
    ["Daemon", card.version || "not known yet"],
    ["System", card.system],
    ["Cores", card.cores || ""],
    ["Load", card.link === "connected" ? card.load : ""],
    ["Memory free", card.link === "connected" ? card.memory : ""],
    ["Disk free", card.disk],
    ["Not sent yet", card.link === "connected" ? card.unsent : ""],
    ["Key", card.key_id && jsx("span", { className: "mono" }, card.key_id)],
    ["Keys since", card.key_id && card.keys_since ? jsx(Ago, { at: card.keys_since }) : ""],
    ...card.facts,
    ["Clock", card.skew || (card.link === "connected" ? "agrees with the board's" : "")],
  ].filter(([, value]) => value);
  return jsx(
    "dl",
    { className: "node-facts" },
    facts.map(([label, value]) => [
      jsx("dt", { key: label }, label),
      jsx("dd", { key: `${label}-value` }, value),
    ]),
  );
};

/** Whether this node's redactor masks what it should, as its last self-test found. */
function SelfTest({ card }) {
  const [refusal, setRefusal] = useState("");
  const run = async () => {
    setRefusal("");
    try {
      await request("POST", `/api/nodes/${card.id}/self-test`);
    } catch (problem) {
      setRefusal(refusalOf(problem));
    }
  };
  const leaks = card.test_missed;
  const problem = refusal || (card.is_testing ? "" : card.test_problem);
  return jsx(
    "section",
    { className: "node-section" },
    jsx("h3", null, "Redaction self-test"),
    jsx(
      "div",
      { className: "flex flex-wrap items-center justify-between gap-2" },
      jsx(
        "p",
        { className: "text-tx2", role: "status" },
        card.is_testing
          ? "Running\u2026"
          : [
              jsx("span", { key: "words" }, card.test_words),
              card.test_at && jsx("span", { key: "at" }, ", ", jsx(Ago, { at: card.test_at, after: " ago" })),
            ],
      ),
      card.can_test &&
        jsx(
          "button",
          { type: "button", className: "btn", onClick: run, disabled: card.is_testing },
          card.test_at ? "Run again" : "Run",
        ),
    ),
    leaks.length > 0 &&
      jsx(
        Notice,
        { kind: "warn", title: "These forms of a secret got through" },
        jsx("ul", { className: "list-disc pl-4" }, leaks.map((name) => jsx("li", { key: name }, name))),
        jsx("p", null, "Renew the daemon. Until then, keep secrets from being printed there in these forms."),
      ),
    problem && jsx("p", { role: "alert", className: "help" }, sentence(problem)),
  );
}

const Tools = ({ tools }) =>
  jsx(
    "details",
    { className: "node-section" },
    jsx("summary", null, `Programs found (${tools.length})`),
    jsx(
      "dl",
      { className: "node-facts mt-2" },
      tools.map(([name, said]) => [
        jsx("dt", { key: name, className: "mono" }, name),
        jsx("dd", { key: `${name}-said`, className: "mono" }, said || "there"),
      ]),
    ),
  );

/** Everything about one node, with what can be done to it. */
export function NodeDetails({ card, headingId }) {
  const navigate = useNavigate();
  const [refusal, setRefusal] = useState("");
  const [isEditing, setEditing] = useState(false);
  const trying = (deed) => async () => {
    setRefusal("");
    try {
      await deed(card);
    } catch (problem) {
      setRefusal(refusalOf(problem));
    }
  };
  const act = {
    rename: () => setEditing(true),
    drain: trying(drainNode),
    resume: trying(resumeNode),
    rotate: trying(rotateKeys),
    settle: trying(settleIdentity),
    revoke: trying(revokeNode),
    remove: trying(async (one) => (await removeNode(one)) && navigate("/nodes", { replace: true })),
  };
  return jsx(
    "div",
    { className: "node-details-body" },
    jsx(
      "div",
      { className: "flex flex-col gap-1" },
      jsx(NodeName, { id: card.id, name: card.name, headingId, isEditing, setEditing }),
      jsx(
        "div",
        { className: "flex items-center gap-2" },
        jsx(LinkState, { card, isMarked: true }),
        jsx("span", { className: "flex-1" }),
        jsx(Menu, { label: `Actions for ${card.name}`, items: actionsOf(card, act) }),
      ),
      refusal && jsx("p", { role: "alert", className: "help" }, refusal),
    ),
    jsx(Notices, { card, act }),
    card.work.length > 0 &&
      jsx(
        Section,
        { title: "Going on" },
        jsx(
          "ul",
          null,
          card.work.map((entry, n) =>
            jsx(Row, { key: n, mark: entry.mark, href: entry.href, name: entry.title, words: entry.words }),
          ),
        ),
      ),
    card.link !== "waiting" &&
      jsx(
        Section,
        { title: "Environments" },
        card.places.length
          ? jsx(
              "ul",
              null,
              card.places.map((place) =>
                jsx(Row, {
                  key: place.id,
                  mark: place.mark,
                  href: `/environments/${place.id}`,
                  name: place.name,
                  words: place.pill,
                  note: place.note,
                  path: place.path,
                }),
              ),
            )
          : jsx("p", { className: "text-tx2" }, "None is mapped to it. Open an environment and choose Map to node."),
      ),
    card.link !== "waiting" && jsx(Section, { title: "Facts" }, jsx(Facts, { card })),
    card.link !== "waiting" && jsx(SelfTest, { card }),
    card.tools.length > 0 && jsx(Tools, { tools: card.tools }),
  );
}
