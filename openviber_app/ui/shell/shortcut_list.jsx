import { jsx } from "@emotion/react";
import { Fragment } from "react";
import { keysOf } from "../kit/shortcuts.js";

const GROUPS = [
  ["Anywhere", [["mod+k", "Search and commands"], ["?", "This list"], ["Escape", "Close what is open"]]],
  ["Threads", [["c", "New thread"], ["/", "Search threads"], ["j", "Next thread"], ["k", "Thread before"], ["Enter", "Open the thread"]]],
  ["Composer", [["Enter", "Send"], ["Shift+Enter", "New line"]]],
];

/** Every key that does something. */
export const ShortcutList = () =>
  jsx(
    "div",
    { className: "shortcuts" },
    GROUPS.map(([heading, rows]) =>
      jsx(
        Fragment,
        { key: heading },
        jsx("h3", { className: "kit-head" }, heading),
        jsx(
          "dl",
          null,
          rows.map(([chord, words]) =>
            jsx(
              "div",
              { key: chord, className: "shortcut" },
              jsx("dt", { className: "flex-1" }, words),
              jsx(
                "dd",
                { className: "flex gap-1", suppressHydrationWarning: true },
                keysOf(chord).map((key) => jsx("kbd", { key, className: "kbd", suppressHydrationWarning: true }, key)),
              ),
            ),
          ),
        ),
      ),
    ),
  );
