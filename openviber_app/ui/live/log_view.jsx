import { jsx } from "@emotion/react";
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { copyText } from "./copy_text.js";
import { LogPane } from "./log_pane.js";
import { LogSearch } from "./log_search.js";
import { openLog } from "./log_source.js";
import { decode, plainLines } from "./log_text.js";

const WRAP = "openviber:log-wrap";
const NARROW = "(max-width: 767px)";
const COPIED_BYTES = 8 * 1024 * 1024;
const SAID_MS = 2000;

const isWrapWanted = () => {
  const kept = localStorage.getItem(WRAP);
  return kept ? kept === "yes" : matchMedia(NARROW).matches;
};

const count = (number, one, many) => `${number.toLocaleString()} ${number === 1 ? one : many}`;

const sizeOf = (bytes) => (bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`);

const notesOf = ({ facts, state }, redacted) => {
  const secrets = Math.max(facts.redacted ?? 0, redacted ?? 0);
  const notes = [];
  if (secrets) notes.push(`${count(secrets, "secret", "secrets")} redacted`);
  if (facts.truncatedBytes) notes.push(`the last ${sizeOf(facts.truncatedBytes)} were not kept`);
  if (facts.removedAt) notes.push("removed to make room for newer logs");
  if (state === "unreachable") notes.push("the board does not answer; the log comes when it does");
  return notes.join(" · ");
};

const emptyWords = { live: "Nothing printed yet", ended: "It printed nothing", gone: "This log is not there" };

const LogButton = ({ isOn, ...rest }) =>
  jsx("button", { type: "button", className: "log-button", "aria-pressed": isOn, ...rest });

/** What is searched for, how often it is there, and the way from one to the next. */
function SearchBar({ search, pane, found, onClose }) {
  const [, setMoved] = useState(0);
  const box = useRef(null);
  const at = pane.current ? search.numberOf(pane.current) : -1;
  useEffect(() => box.current.focus(), []);
  const go = (n) => {
    const total = search.count;
    if (!total) return;
    const next = ((n % total) + total) % total;
    pane.current = search.place(next);
    pane.reveal(pane.current.line);
    setMoved((times) => times + 1);
  };
  const isFresh = at < 0 && found.total > 0;
  useEffect(() => {
    if (isFresh) go(search.firstFrom(pane.topLine)); // when the first place is known
  }, [isFresh]);
  const typed = (event) => {
    pane.words = event.target.value.toLowerCase();
    pane.current = null;
    pane.redraw();
    search.set(event.target.value);
  };
  const status = !search.words
    ? ""
    : found.total
      ? `${at + 1} of ${found.total.toLocaleString()}${found.isBusy ? "…" : ""}`
      : found.isBusy
        ? "searching…"
        : "not found";
  const keys = (event) => {
    if (event.key === "Enter") {
      event.preventDefault();
      go(at + (event.shiftKey ? -1 : 1));
    } else if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      onClose();
    }
  };
  return jsx(
    "div",
    { className: "log-search", role: "search", onKeyDown: keys },
    jsx("input", { ref: box, type: "search", "aria-label": "Search this log", placeholder: "Search", spellCheck: false, autoComplete: "off", onChange: typed }),
    jsx("span", { role: "status" }, status),
    jsx("button", { type: "button", "aria-label": "Previous", onClick: () => go(at - 1) }, "↑"),
    jsx("button", { type: "button", "aria-label": "Next", onClick: () => go(at + 1) }, "↓"),
    jsx("button", { type: "button", "aria-label": "Close the search", onClick: onClose }, "✕"),
  );
}

/** A log that follows its process: lines go to the page once a frame, never through React state. */
export function LogView({ execution, href, label = "Log", className = "", height, redacted }) {
  const host = useRef(null);
  const parts = useRef({});
  const [shown, setShown] = useState({ facts: {}, state: "loading", empty: "" });
  const [follows, setFollows] = useState(true);
  const [wraps, setWraps] = useState(false);
  const [isSearching, setSearching] = useState(false);
  const [found, setFound] = useState({ total: 0, isBusy: false });
  const [said, setSaid] = useState("");
  useLayoutEffect(() => {
    if (!execution) return undefined; // lines that are there already come with the first picture
    const [source, release] = openLog(execution, href);
    const pane = new LogPane(host.current, source, setFollows);
    const search = new LogSearch(source, () => setFound({ total: search.count, isBusy: search.isBusy }));
    parts.current = { source, pane, search };
    pane.wrap(isWrapWanted());
    pane.show();
    setWraps(pane.isWrapped);
    setFollows(true);
    setSearching(false);
    let seen = 0;
    const tell = () => {
      const empty = source.bytes.to ? "" : (emptyWords[source.state] ?? "");
      const next = { facts: source.facts, state: source.state, empty };
      setShown((last) => (JSON.stringify(last) === JSON.stringify(next) ? last : next));
      if (search.words && source.bytes.to !== seen && !search.isBusy) search.update();
      seen = source.bytes.to;
    };
    const off = source.listen(tell);
    tell();
    return () => {
      off();
      pane.close();
      search.set("");
      release();
    };
  }, [execution, href]);
  const wrap = () => {
    const { pane } = parts.current;
    pane.wrap(!pane.isWrapped);
    localStorage.setItem(WRAP, pane.isWrapped ? "yes" : "no");
    setWraps(pane.isWrapped);
  };
  const endSearch = () => {
    const { pane, search } = parts.current;
    Object.assign(pane, { words: "", current: null });
    search.set("");
    pane.redraw();
    setSearching(false);
    host.current.focus();
  };
  const copy = async () => {
    const { source } = parts.current;
    const chosen = getSelection();
    const isOurs = !chosen.isCollapsed && host.current.contains(chosen.anchorNode);
    if (!isOurs) await source.loadAll();
    const { bytes } = source;
    const from = Math.max(bytes.from, bytes.to - COPIED_BYTES);
    const text = isOurs ? String(chosen) : plainLines(decode(bytes.range(from, bytes.to)));
    const isDone = await copyText(text);
    const much = from > bytes.from ? `the last ${sizeOf(bytes.to - from)}` : "";
    setSaid(isDone ? `Copied ${isOurs ? "the selection" : much}`.trim() : "The browser did not allow it");
    setTimeout(() => setSaid(""), SAID_MS);
  };
  const keys = (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "f") {
      event.preventDefault(); // the browser's own search sees only the lines in sight
      setSearching(true);
    }
  };
  const notes = notesOf(shown, redacted);
  return jsx(
    "div",
    { className: `log-view ${className}`, onKeyDown: keys },
    jsx(
      "div",
      { className: "log-box" },
      jsx("div", {
        ref: host,
        className: "log-scroll",
        style: height ? { height, maxHeight: "none" } : undefined,
        role: "log",
        "aria-label": label,
        "aria-live": "off",
        tabIndex: 0,
      }),
      shown.empty && jsx("p", { className: "log-empty" }, shown.empty),
      isSearching && jsx(SearchBar, { ...parts.current, found, onClose: endSearch }),
    ),
    jsx(
      "div",
      { className: "log-foot" },
      jsx("span", { className: "log-notes", role: "status" }, said || notes),
      jsx(LogButton, { "aria-expanded": isSearching, onClick: () => (isSearching ? endSearch() : setSearching(true)) }, "⌕ Search"),
      jsx(LogButton, { isOn: wraps, onClick: wrap }, "Wrap"),
      jsx(LogButton, { isOn: follows, onClick: () => parts.current.pane.follow(!follows) }, "Follow"),
      jsx(LogButton, { onClick: copy }, "Copy"),
      jsx("a", { className: "log-button", href: `${href}?download=1`, download: "" }, "Download"),
    ),
  );
}
