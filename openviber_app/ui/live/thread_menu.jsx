import { jsx } from "@emotion/react";
import { Menu } from "./menu.jsx";
import { isOpen } from "./words.js";

/** What can be done with a thread beside running things in it. */
export function ThreadMenu({ thread, run, act, rename }) {
  const copy = async () => {
    const address = location.origin + location.pathname;
    try {
      await navigator.clipboard.writeText(address);
    } catch {
      act.tell(`The browser does not let pages copy here; the address is ${address}`);
    }
  };
  const isGoing = isOpen(run);
  const items = [
    { label: "Rename", note: "F2", onSelect: rename },
    { label: "Copy link", onSelect: copy },
    run && { label: "Download log of the last run", href: `/api/runs/${run.id}/log?download=1` },
    thread.status === "active" && { label: "Pause", note: "what you send waits", onSelect: act.pause },
    thread.status === "paused" && { label: "Resume", onSelect: act.activate },
    thread.status === "archived"
      ? { label: "Restore", onSelect: act.activate }
      : { label: "Archive", onSelect: act.archive, isDisabled: isGoing, note: isGoing ? "stop the run first" : "" },
  ].filter(Boolean);
  return jsx(Menu, { label: "More", trigger: "⋯", items });
}
