import { jsx } from "@emotion/react";
import { useEffect, useState } from "react";
import { confirm } from "../kit/confirm.js";
import { Ago } from "../live/ago.jsx";
import { request } from "../live/request.js";
import { KeyRow } from "./key_row.jsx";
import { useLoaded } from "./loaded.js";
import { SigningKey } from "./signing_key.jsx";
import { Refusal, Section, Waiting } from "./text_field.jsx";

const LOOK_EVERY = 1000; // ms, while a rotation goes on
const PROVIDERS = { local: "a key file of this board", aws: "AWS KMS", vault: "Vault" };
const ROTATE =
  "Everything is sealed again with a new version of the key, in the background. Values stay, and no environment becomes stale. The old version is kept until you remove it.";

const count = (number, one, many = `${one}s`) => `${number} ${number === 1 ? one : many}`;

const Key = ({ use }) =>
  jsx(
    KeyRow,
    { keyId: use.keyId },
    use.isCurrent && jsx("span", { className: "text-green" }, "current"),
    jsx("span", null, count(use.secrets, "secret")),
    jsx("span", null, count(use.lists, "environment")),
  );

const Rotation = ({ rotation }) => {
  const { done, total, endedAt, stopped, problems } = rotation;
  return jsx(
    "div",
    { className: "keys-rotation" },
    endedAt
      ? jsx("p", { role: "status", className: "text-tx2" }, "Last rotated ", jsx(Ago, { at: endedAt, after: " ago" }), `; ${done} of ${total} sealed again.`)
      : jsx(
          "div",
          null,
          jsx("p", { role: "status", className: "text-tx2" }, stopped ? `Stopped at ${done} of ${total}.` : `Sealing again: ${done} of ${total}.`),
          jsx("progress", { className: "progress", value: done, max: total || 1, "aria-label": "Rotation" }),
        ),
    stopped && jsx("p", { className: "banner", "data-kind": "warn" }, stopped),
    problems.length > 0 && jsx("ul", { className: "keys-problems" }, problems.map((text) => jsx("li", { key: text }, text))),
  );
};

const Verified = ({ found }) =>
  jsx(
    "div",
    { role: "status" },
    jsx(
      "p",
      { className: found.findings.length ? "text-red" : "text-green" },
      found.findings.length
        ? `${count(found.findings.length, "thing")} of ${count(found.environments, "environment")} ${found.findings.length === 1 ? "does" : "do"} not open:`
        : `All open: ${count(found.secrets, "secret")} of ${count(found.environments, "environment")}.`,
    ),
    found.findings.length > 0 &&
      jsx(
        "ul",
        { className: "keys-problems" },
        found.findings.map((one) =>
          jsx("li", { key: one.environmentId + one.secret }, jsx("b", null, one.environment), one.secret && jsx("span", { className: "mono" }, ` ${one.secret}`), `: ${one.problem}`),
        ),
      ),
  );

/** What seals the secrets of every environment; for the board's owner. */
function WrappingKey() {
  const { value, problem, reload } = useLoaded("/api/keys");
  const [found, setFound] = useState(null);
  const [refusal, setRefusal] = useState("");
  const [isBusy, setBusy] = useState(false);
  const rotation = value?.rotation;
  const isOpen = Boolean(rotation && !rotation.endedAt);
  const goesOn = isOpen && !rotation.stopped;
  useEffect(() => {
    if (!goesOn) return undefined;
    const timer = setInterval(reload, LOOK_EVERY);
    return () => clearInterval(timer);
  }, [goesOn, reload]);
  const ask = async (path, done) => {
    setBusy(true);
    try {
      done(await request("POST", path));
      setRefusal("");
    } catch (refused) {
      setRefusal(refused.message);
    }
    setBusy(false);
    await reload();
  };
  const rotate = async () => {
    if (isOpen || (await confirm({ title: "Rotate the wrapping key?", text: ROTATE, action: "Rotate" }))) await ask("/api/keys/wrapping/rotate", () => setFound(null));
  };
  const button = (label, onClick) => jsx("button", { type: "button", className: "btn", disabled: isBusy || goesOn, onClick }, label);
  return jsx(
    Section,
    {
      title: "Wrapping key",
      text: value ? `Secrets are sealed by ${PROVIDERS[value.provider] ?? value.provider}.` : "What seals the secrets.",
    },
    (problem || refusal) && jsx(Refusal, { text: refusal || problem, onRetry: reload }),
    value
      ? jsx(
          "div",
          { className: "keys-body" },
          jsx("ul", { className: "settings-list" }, value.keys.map((use) => jsx(Key, { key: use.keyId, use }))),
          rotation && jsx(Rotation, { rotation }),
          jsx("div", { className: "keys-actions" }, button(rotation?.stopped && isOpen ? "Go on" : "Rotate…", rotate), button("Verify all secrets", () => ask("/api/keys/verify", setFound))),
          found && jsx(Verified, { found }),
        )
      : !problem && jsx(Waiting),
  );
}

const Backup = () =>
  jsx(
    Section,
    { title: "Backup", text: "A copy of the database opens with its keys only, so both go into one file. It can be made while the board runs." },
    jsx("p", { className: "text-tx2" }, "On the board's machine: ", jsx("code", { className: "mono" }, "openviber-board backup FILE"), ". Whoever reads that file can read every secret."),
  );

/** The board's keys; an admin sees only the one that every node knows. */
export function Keys({ role }) {
  const isOwner = role === "owner";
  return [
    isOwner && jsx(WrappingKey, { key: "wrapping" }),
    role && jsx(SigningKey, { key: "signing", isOwner }),
    isOwner && jsx(Backup, { key: "backup" }),
  ];
}
