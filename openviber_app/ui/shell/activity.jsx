import { jsx } from "@emotion/react";
import { useEffect, useState } from "react";
import { request } from "../live/request.js";
import { live } from "../live/socket.js";

const SETTLE_MS = 150;
const SIGN = /^(\(\d+\) )?(▸\d+ )?/;

/** The icon of the tab: the product's sign, with a diamond when somebody is waited for, a dot while work runs. */
const iconOf = ({ running, needsYou }) => {
  if (!running && !needsYou) return "/favicon.svg";
  const badge = needsYou
    ? '<path d="M23 13l9 9.5-9 9.5-9-9.5z" fill="#b1a9ff" stroke="#1c1c22" stroke-width="2"/>'
    : '<circle cx="24" cy="24" r="7" fill="#6db3ff" stroke="#1c1c22" stroke-width="2"/>';
  const sign =
    '<rect width="32" height="32" rx="8" fill="#5b5bd6"/><path d="M9 9l7 14 7-14" fill="none" stroke="#fff" ' +
    'stroke-width="3.4" stroke-linecap="round" stroke-linejoin="round"/>';
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">${sign}${badge}</svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
};

const titleOf = (title, { running, needsYou }) =>
  (needsYou ? `(${needsYou}) ` : "") + (running ? `▸${running} ` : "") + title.replace(SIGN, "");

/** Keep the counts before whatever title a page gives itself. */
const useTab = (counts) => {
  useEffect(() => {
    const apply = () => {
      const title = titleOf(document.title, counts);
      if (title !== document.title) document.title = title;
    };
    apply();
    const icon = document.querySelector("link[rel=icon]");
    if (icon) icon.href = iconOf(counts);
    const watch = new MutationObserver(apply);
    watch.observe(document.head, { childList: true, subtree: true, characterData: true });
    return () => watch.disconnect();
  }, [counts]);
};

/** How many threads wait for you. */
export function ActivityBadge() {
  const [counts, setCounts] = useState({ running: 0, needsYou: 0 });
  useTab(counts);
  useEffect(() => {
    let timer = 0;
    let isLeft = false;
    const load = async () => {
      timer = 0;
      try {
        const found = await request("GET", "/api/activity");
        if (!isLeft)
          setCounts((old) => (old.running === found.running && old.needsYou === found.needsYou ? old : found));
      } catch {
        // the next change asks again
      }
    };
    const off = live.subscribe("user", () => {
      timer ||= setTimeout(load, SETTLE_MS);
    });
    load();
    return () => {
      isLeft = true;
      off();
      clearTimeout(timer);
    };
  }, []);
  const { needsYou } = counts;
  if (!needsYou) return null;
  const words = `${needsYou} ${needsYou === 1 ? "thread needs" : "threads need"} you`;
  return jsx(
    "span",
    { className: "pill", "data-kind": "needs-you", title: words },
    jsx("span", { className: "mark", "data-kind": "needs-you", "aria-hidden": true }),
    jsx("span", { "aria-hidden": true }, needsYou),
    jsx("span", { className: "sr-only" }, words),
  );
}
