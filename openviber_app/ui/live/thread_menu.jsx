import { jsx } from "@emotion/react";
import { Menu } from "$/public/external/openviber_app/ui/kit/menu.jsx";
import { toast } from "$/public/external/openviber_app/ui/kit/toast.js";
import { copyText } from "./copy_text.js";
import { isOpen } from "./words.js";

/** What can be done with a thread beside running things in it. */
export function ThreadMenu({ thread, run, act, rename, canRun = true }) {
  const copy = async () => {
    const address = location.origin + location.pathname;
    toast((await copyText(address)) ? "The link is copied" : `The browser does not let pages copy here: ${address}`);
  };
  const isGoing = isOpen(run);
  const items = [
    canRun && { label: "Rename", icon: "edit", key: "F2", onSelect: rename },
    { label: "Copy link", icon: "link", onSelect: copy },
    run && { label: "Download log of the last run", icon: "download", href: `/api/runs/${run.id}/log?download=1` },
    canRun && { isLine: true },
    canRun && thread.status === "active" && { label: "Pause", icon: "clock", note: "What is sent then waits", onSelect: act.pause },
    canRun && thread.status === "paused" && { label: "Resume", icon: "play", onSelect: act.activate },
    canRun && (thread.status === "archived"
      ? { label: "Restore", icon: "restore", onSelect: act.activate }
      : {
          label: "Archive",
          icon: "archive",
          onSelect: act.archive,
          isDisabled: isGoing,
          note: isGoing ? "Stop the run first" : "Gives the workspace back",
        }),
  ].filter(Boolean);
  return jsx(Menu, { label: "More", items });
}
