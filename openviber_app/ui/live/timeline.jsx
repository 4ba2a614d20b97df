import { jsx } from "@emotion/react";
import { memo, useEffect, useLayoutEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { request } from "./request.js";
import { RunCard } from "./run_card.jsx";
import { live } from "./socket.js";

const PAGE = 50;

/** A thread's entries outside React: a change renders the list once a frame. */
class Entries {
  items = new Map();
  runs = new Map(); // by the message that they came from
  listeners = new Set();
  shown = [];
  /** Take rows in any order; an older one never replaces a newer one. */
  take({ items = [], runs = [] }) {
    for (const item of items) if (!(this.items.get(item.id)?.seq > item.seq)) this.items.set(item.id, item);
    for (const run of runs) if (!(this.runs.get(run.messageId)?.seq > run.seq)) this.runs.set(run.messageId, run);
    const shown = [...this.items.values()].filter((item) => !isOfCard(item));
    this.shown = shown.sort((a, b) => a.position - b.position);
    for (const listener of this.listeners) listener();
  }
  /** Forget everything: the board's rows are others than those that were shown. */
  clear() {
    this.items.clear();
    this.runs.clear();
  }
  subscribe = (listener) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };
}

/** A shell run is its card: the entry that names its command would say it twice. */
const isOfCard = (item) => item.runId && (item.kind === "terminal" || item.kind === "tool_call");

const rowsOf = (events) => {
  const rows = { items: [], runs: [] };
  for (const event of events) {
    if (event.t === "item") rows.items.push(event.item);
    else if (event.t === "run") rows.runs.push(event.run);
  }
  return rows;
};

const Entry = memo(({ item, run, isLast }) => {
  if (item.kind === "user_message")
    return jsx(
      "div",
      { className: "entry" },
      jsx(
        "article",
        { className: "said", "aria-label": "Your message" },
        jsx("pre", null, item.text),
        !run && jsx("p", { className: "text-tx3" }, "queued"),
      ),
      run && jsx(RunCard, { run, isLast }),
    );
  return jsx("article", { className: "entry noted", "data-kind": item.kind, "data-status": item.status }, item.text);
});

/** A thread's timeline: its last page by REST, then every change over the tab's socket. */
export function Timeline({ thread, className, id }) {
  const host = useRef(null);
  const follows = useRef(true);
  const entries = useMemo(() => new Entries(), [thread]);
  const shown = useSyncExternalStore(entries.subscribe, () => entries.shown, () => entries.shown);
  const [more, setMore] = useState(false);
  const [state, setState] = useState("loading");
  const url = `/api/threads/${thread}/timeline?limit=${PAGE}`;
  useEffect(() => {
    let off = () => {};
    let isOver = false;
    let frame = 0;
    let queue = [];
    const load = async () => {
      try {
        const page = await request("GET", url);
        if (isOver) return;
        entries.take(page);
        setMore(page.more);
        setState("ready");
        off = live.subscribe(
          `timeline:${thread}`,
          (events) => {
            if (events.some((event) => event.t === "resync")) {
              off();
              entries.clear();
              load();
              return;
            }
            queue.push(...events);
            frame ||= requestAnimationFrame(() => {
              frame = 0;
              entries.take(rowsOf(queue));
              queue = [];
            });
          },
          page.seq,
        );
      } catch (problem) {
        if (!isOver) setState(problem.message);
      }
    };
    setState("loading");
    load();
    return () => {
      isOver = true;
      off();
      cancelAnimationFrame(frame);
    };
  }, [thread, entries]);
  useLayoutEffect(() => {
    if (follows.current && host.current) host.current.scrollTop = host.current.scrollHeight;
  }, [shown]);
  useEffect(() => {
    const grown = new ResizeObserver(() => {
      if (follows.current && host.current) host.current.scrollTop = host.current.scrollHeight;
    });
    grown.observe(host.current.firstElementChild);
    return () => grown.disconnect();
  }, []);
  const older = async () => {
    const before = host.current.scrollHeight;
    const first = Math.min(...[...entries.items.values()].map((item) => item.position));
    const page = await request("GET", `${url}&before=${first}`);
    entries.take(page);
    setMore(page.more);
    requestAnimationFrame(() => {
      host.current.scrollTop += host.current.scrollHeight - before;
    });
  };
  const lastAsked = shown.findLast((item) => item.kind === "user_message");
  const column = [
    more && jsx("button", { key: "more", type: "button", className: "btn btn-small", onClick: older }, "Load older"),
    state !== "loading" && state !== "ready" && jsx("p", { key: "problem", role: "alert", className: "text-red" }, state),
    ...shown.map((item) =>
      jsx(Entry, { key: item.id, item, run: entries.runs.get(item.id), isLast: item === lastAsked }),
    ),
  ];
  return jsx(
    "div",
    {
      ref: host,
      id,
      className,
      role: "feed",
      "aria-label": "Conversation",
      "aria-busy": state === "loading",
      tabIndex: 0,
      onScroll: (event) => {
        const at = event.currentTarget;
        follows.current = at.scrollHeight - at.scrollTop - at.clientHeight < 64;
      },
    },
    jsx("div", { className: "column" }, column),
  );
}
