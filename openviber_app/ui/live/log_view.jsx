import { jsx } from "@emotion/react";
import { useEffect, useRef, useState } from "react";
import { bytesOf, createLineReader } from "./log_text.js";
import { live } from "./socket.js";

const MAX_LINES = 5000;

/** A log that follows its process: lines go to the DOM once a frame, never through React state. */
export function LogView({ execution, href, label = "Log", className = "" }) {
  const box = useRef(null);
  const [cut, setCut] = useState(false);
  useEffect(() => {
    const host = box.current;
    if (!execution) return undefined;
    host.replaceChildren();
    let reader = createLineReader();
    const tail = document.createElement("div");
    host.append(tail);
    let pending = [];
    let frame = 0;
    let late = 0;
    const show = () => {
      frame = late = 0;
      const follows = host.scrollHeight - host.scrollTop - host.clientHeight < 48;
      if (pending.length > MAX_LINES) {
        pending = pending.slice(-MAX_LINES);
        setCut(true);
      }
      const lines = document.createDocumentFragment();
      for (const text of pending) {
        const line = document.createElement("div");
        line.textContent = text || "\u200b";
        lines.append(line);
      }
      pending = [];
      host.insertBefore(lines, tail);
      tail.textContent = reader.open();
      const extra = host.childElementCount - 1 - MAX_LINES;
      if (extra > 0) {
        setCut(true);
        const range = document.createRange();
        range.setStartBefore(host.firstChild);
        range.setEndAfter(host.children[extra - 1]);
        range.deleteContents();
      }
      if (follows) host.scrollTop = host.scrollHeight;
    };
    const off = live.subscribe(`log:${execution}`, (events) => {
      for (const event of events) {
        if (event.t === "log") for (const line of reader.take(bytesOf(event.d))) pending.push(line);
        else if (event.t === "resync") {
          reader = createLineReader();
          pending = [];
          host.replaceChildren(tail);
        } else if (event.t === "gone") pending.push("this log is not there");
      }
      if (document.hidden) late ||= setTimeout(show, 500);
      else frame ||= requestAnimationFrame(show);
    });
    return () => {
      off();
      cancelAnimationFrame(frame);
      clearTimeout(late);
    };
  }, [execution]);
  const note = cut ? `only the last ${MAX_LINES} lines are shown; ` : "";
  return jsx(
    "div",
    { className: `log-view ${className}` },
    jsx("div", { ref: box, role: "log", "aria-label": label, "aria-live": "off", tabIndex: 0 }),
    href && jsx("p", null, note, jsx("a", { href: `${href}?download=1`, download: "" }, "download")),
  );
}
