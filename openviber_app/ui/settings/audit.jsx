import { jsx } from "@emotion/react";
import { useEffect, useRef, useState } from "react";
import { Ago } from "../live/ago.jsx";
import { request } from "../live/request.js";
import { Refusal, Section, Waiting } from "./text_field.jsx";

const KINDS = [
  ["", "Everything"],
  ["environment.", "Environments"],
  ["share.", "Sharing"],
  ["secret.", "Secrets"],
  ["binding.", "Mappings"],
  ["node.", "Nodes"],
  ["session.", "Signing in"],
  ["token.", "API tokens"],
  ["user.", "People"],
  ["invite.", "Invites"],
  ["key.", "Keys"],
  ["run.", "Runs"],
];
const HIDDEN = /Id$/;
const OF_NODES = new Set(["node.claimed", "node.keys_rotated"]);
const TYPED_MS = 250;

const WORDS = { before: "was" };
const spaced = (word) => WORDS[word] ?? word.replace(/([A-Z])/g, " $1").toLowerCase();
const said = (value) => (Array.isArray(value) ? value.join(", ") : typeof value === "object" ? JSON.stringify(value) : String(value));

/** What else is known of a deed: names and versions, in words. */
const factsOf = ({ facts }) =>
  Object.entries(facts)
    .filter(([name, value]) => !HIDDEN.test(name) && value !== "" && value !== null && !(Array.isArray(value) && !value.length))
    .map(([name, value]) => `${spaced(name)} ${said(value)}`);

const Deed = ({ event }) => {
  const [noun, verb] = event.action.split(".");
  return jsx(
    "li",
    { className: "settings-row audit-row" },
    jsx(
      "div",
      { className: "min-w-0 flex-1" },
      jsx(
        "p",
        { className: "audit-deed" },
        jsx("b", { className: "font-medium" }, event.actorName || (OF_NODES.has(event.action) ? "The node itself" : "Nobody signed in, or the board")),
        jsx("span", { className: "pill pill-plain" }, `${noun} ${spaced(verb ?? "").replaceAll("_", " ")}`),
        event.targetName && jsx("span", { className: "break-words min-w-0" }, event.targetName),
      ),
      jsx(
        "div",
        { className: "facts" },
        factsOf(event).map((fact) => jsx("span", { key: fact, className: "break-words min-w-0" }, fact)),
        event.client && jsx("span", null, `from ${event.client}`),
      ),
    ),
    jsx("span", { className: "audit-when" }, jsx(Ago, { at: event.createdAt, after: " ago" })),
  );
};

/** What was done on this board; the board pages and filters it. */
export function Audit() {
  const [action, setAction] = useState("");
  const [words, setWords] = useState("");
  const [search, setSearch] = useState("");
  const [page, setPage] = useState({ events: null, next: null });
  const [problem, setProblem] = useState("");
  const [isBusy, setBusy] = useState(false);
  const asked = useRef(0);
  useEffect(() => {
    const timer = setTimeout(() => setSearch(words.trim()), TYPED_MS);
    return () => clearTimeout(timer);
  }, [words]);
  const load = async (before) => {
    const turn = (asked.current += 1);
    setBusy(true);
    const query = new URLSearchParams({ action, search, ...(before && { before }) });
    try {
      const found = await request("GET", `/api/audit?${query}`);
      if (turn !== asked.current) return;
      setPage((last) => ({ events: before ? [...last.events, ...found.events] : found.events, next: found.next }));
      setProblem("");
    } catch (refusal) {
      if (turn === asked.current) setProblem(refusal.message);
    }
    if (turn === asked.current) setBusy(false);
  };
  useEffect(() => {
    load("");
  }, [action, search]);
  const { events, next } = page;
  return jsx(
    Section,
    { title: "Audit log", text: "Who did what, newest first. Rows are added and never changed; values of secrets are not in here." },
    jsx(
      "div",
      { className: "audit-filter" },
      jsx(
        "select",
        { className: "field select", value: action, "aria-label": "Which deeds", onChange: (event) => setAction(event.target.value) },
        KINDS.map(([value, label]) => jsx("option", { key: value, value }, label)),
      ),
      jsx("input", {
        type: "search",
        className: "field",
        value: words,
        placeholder: "A name or an address",
        "aria-label": "Search the audit log",
        maxLength: 200,
        autoComplete: "off",
        onChange: (event) => setWords(event.target.value),
      }),
    ),
    problem && jsx(Refusal, { text: problem, onRetry: () => load("") }),
    events
      ? events.length
        ? jsx("ul", { className: "settings-list", "aria-label": "Deeds" }, events.map((event) => jsx(Deed, { key: event.id, event })))
        : jsx("p", { className: "empty" }, action || search ? "Nothing of this kind was done." : "Nothing was done yet.")
      : !problem && jsx(Waiting),
    next &&
      jsx("button", { type: "button", className: "btn self-start", "aria-disabled": isBusy, onClick: () => !isBusy && load(next) }, isBusy ? "Loading…" : "Show older"),
  );
}
