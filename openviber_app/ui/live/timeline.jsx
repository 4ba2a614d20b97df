import { jsx } from "@emotion/react";
import { useCallback, useEffect, useLayoutEffect, useRef, useState, useSyncExternalStore } from "react";
import { Block } from "./block.jsx";
import { indexAt, topOf, windowOf } from "./window.js";

const MARGIN = 900; // drawn above and below what is seen, in pixels
const ESTIMATE = 96; // the height of a block that was never drawn
const NEAR_TOP = 1500; // so far from the first entry older ones are asked for
const AT_END = 8;
const RECENT = 10; // among the last of them failed runs are open

/**
 * A thread's timeline. Only the blocks around the view are in the document. Whatever changes above
 * (an older page, a step that opens, a height that was only estimated), what is read stays where it
 * is; at the end the end stays in view.
 */
export function Timeline({ store }) {
  const state = useSyncExternalStore(store.subscribe, store.get, store.get);
  const { blocks, more, older } = state;
  const host = useRef(null);
  const heights = useRef(new Map());
  const place = useRef({ follows: true, key: "", offset: 0, last: 0, seen: "" });
  const [view, setView] = useState({ key: "", offset: 0, height: 900 }); // no key: the end
  const [isAway, setAway] = useState(false);
  const sizes = blocks.map((block) => heights.current.get(block.key) ?? ESTIMATE);
  // told from what is read, not from the top: older blocks may have come above it
  const at = view.key ? blocks.findIndex((block) => block.key === view.key) : -1;
  const shown = windowOf(sizes, { top: at < 0 ? Infinity : topOf(sizes, at) - view.offset, height: view.height }, MARGIN);
  const drawn = useRef({ blocks, sizes });
  drawn.current = { blocks, sizes };

  /** Remember what is read now: the first entry in view, and where it stands. */
  const mark = useCallback(() => {
    const box = host.current;
    const at = place.current;
    const rest = box.scrollHeight - box.scrollTop - box.clientHeight;
    if (rest < AT_END) at.follows = true;
    else if (box.scrollTop < at.last - 1) at.follows = false;
    at.last = box.scrollTop;
    const { top, bottom } = box.getBoundingClientRect();
    const rows = [...box.querySelectorAll("[data-key]")];
    const row = rows.find((one) => one.getBoundingClientRect().bottom > top);
    if (row && row.getBoundingClientRect().top < bottom) {
      at.key = row.dataset.key;
      at.offset = row.getBoundingClientRect().top - top;
    } else if (drawn.current.blocks.length) {
      // the bar was drawn to where nothing is: what stands there by the known heights
      const found = indexAt(drawn.current.sizes, box.scrollTop);
      at.key = drawn.current.blocks[found].key;
      at.offset = topOf(drawn.current.sizes, found) - box.scrollTop;
    }
    return rest;
  }, []);

  /** Put what is read where it was, after anything changed its height. */
  const settle = useCallback(() => {
    const box = host.current;
    const at = place.current;
    if (!box) return;
    if (at.follows && box.scrollTop < at.last - 1) mark(); // scrolled, and not told of it yet
    if (at.follows) box.scrollTop = box.scrollHeight;
    else {
      at.offset += at.last - box.scrollTop; // likewise
      const row = at.key && box.querySelector(`[data-key="${at.key}"]`);
      if (row) {
        const moved = row.getBoundingClientRect().top - box.getBoundingClientRect().top - at.offset;
        if (Math.abs(moved) > 0.5) box.scrollTop += moved;
      }
    }
    at.last = box.scrollTop;
  }, [mark]);

  const scrolled = useCallback(() => {
    const rest = mark();
    const at = place.current;
    setView({ key: at.follows ? "" : at.key, offset: at.offset, height: host.current.clientHeight });
    setAway(!at.follows && rest > 120);
  }, [mark]);

  useLayoutEffect(settle);
  useEffect(() => {
    const box = host.current;
    const measured = new ResizeObserver((entries) => {
      for (const { target } of entries) {
        // one that left the document is told of too, as having no height
        if (target.isConnected && target.dataset.key) heights.current.set(target.dataset.key, target.offsetHeight);
      }
      settle();
    });
    measured.observe(box);
    const added = new MutationObserver((changes) => {
      for (const change of changes) {
        for (const row of change.addedNodes) if (row.dataset?.key) measured.observe(row);
        for (const row of change.removedNodes) if (row.dataset?.key) measured.unobserve(row);
      }
    });
    added.observe(box.firstElementChild, { childList: true });
    for (const row of box.querySelectorAll("[data-key]")) measured.observe(row);
    return () => {
      measured.disconnect();
      added.disconnect();
    };
  }, [settle]);
  useEffect(() => {
    if (more && !older && host.current.scrollTop < NEAR_TOP) store.older();
  }, [more, older, view, blocks, store]);
  if (!isAway) place.current.seen = blocks.at(-1)?.key;
  const fresh = isAway ? blocks.length - 1 - blocks.findIndex((block) => block.key === place.current.seen) : 0;
  const latest = () => {
    place.current.follows = true;
    setAway(false);
    setView((before) => ({ ...before, key: "" }));
    host.current.focus({ preventScroll: true });
  };
  const leave = (event) => {
    if (event.deltaY < 0 && host.current.scrollTop > 0) place.current.follows = false;
  };
  const lastRun = blocks.findLast((block) => block.run)?.key;
  const isEmpty = !state.isLoading && blocks.length === 0;
  return jsx(
    "div",
    { className: "timeline" },
    isEmpty &&
      jsx(
        "div",
        { className: "timeline-empty" },
        jsx("p", { className: "font-medium" }, "Nothing has run here yet"),
        jsx("p", null, "What you send runs as a script in a workspace that only this thread has."),
      ),
    jsx(
      "div",
      {
        ref: host,
        className: "timeline-box",
        role: blocks.length ? "feed" : "region", // a feed must hold something
        "aria-label": "Conversation",
        "aria-busy": state.isLoading || older === "loading",
        tabIndex: 0,
        onScroll: scrolled,
        onWheel: leave,
      },
      jsx(
        "div",
        { className: "timeline-rows" },
        more && jsx("p", { key: "more", className: "timeline-more" }, older === "loading" || !older ? "Earlier entries…" : ""),
        jsx("div", { key: "before", "aria-hidden": true, style: { height: shown.before } }),
        blocks.slice(shown.from, shown.to).map((block, index) =>
          jsx(Block, {
            key: block.key,
            block,
            store,
            place: shown.from + index + 1,
            isLast: block.key === lastRun,
            isRecent: blocks.length - shown.from - index <= RECENT,
          }),
        ),
        jsx("div", { key: "after", "aria-hidden": true, style: { height: shown.after } }),
      ),
    ),
    older && older !== "loading" &&
      jsx(
        "p",
        { role: "alert", className: "timeline-problem" },
        `Earlier entries could not be loaded: ${older}. `,
        jsx("button", { type: "button", className: "btn btn-small", onClick: () => store.older() }, "Try again"),
      ),
    isAway &&
      jsx(
        "button",
        { type: "button", className: "btn timeline-latest", onClick: latest },
        jsx("span", { "aria-hidden": true }, "↓"),
        fresh > 0 ? `${fresh} new` : "Jump to latest",
      ),
  );
}
