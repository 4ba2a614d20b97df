import { jsx } from "@emotion/react";
import { useSyncExternalStore } from "react";
import { openDialog } from "../kit/dialogs.js";
import { keysOf } from "../kit/shortcuts.js";

const never = () => () => {};

/** Opens the palette; its keys are shown as this machine writes them. */
export function PaletteButton() {
  const keys = useSyncExternalStore(
    never,
    () => keysOf("mod+k").join(keysOf("mod")[0] === "⌘" ? "" : " "),
    () => "Ctrl K",
  );
  return jsx(
    "button",
    {
      type: "button",
      className: "palette-button",
      "aria-label": "Search and commands",
      "aria-keyshortcuts": "Control+K Meta+K",
      "aria-haspopup": "dialog",
      onClick: () => openDialog("palette"),
    },
    jsx("kbd", { className: "kbd" }, keys),
  );
}
