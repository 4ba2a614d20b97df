import { jsx } from "@emotion/react";
import { useEffect } from "react";
import { closeDialog, openDialog, useDialog } from "../kit/dialogs.js";
import { later } from "../kit/later.jsx";
import { Sheet } from "../kit/sheet.jsx";
import { useShortcut } from "../kit/shortcuts.js";

const HEIGHT = 280; // px
const palette = () => import("./palette.jsx").then((found) => found.Palette);
const Palette = later(palette, HEIGHT);
const ShortcutList = later(() => import("./shortcut_list.jsx").then((found) => found.ShortcutList), HEIGHT);

/** The palette and the list of keys, over any page; both are fetched when first opened. */
export function Shell({ environment }) {
  const isPaletteOpen = useDialog("palette") !== null;
  useShortcut("mod+k", () => (isPaletteOpen ? closeDialog() : openDialog("palette")));
  useShortcut("?", () => openDialog("shortcuts"));
  useEffect(() => {
    // words typed right behind the keys that open it should find its field
    const idle = globalThis.requestIdleCallback ?? ((work) => setTimeout(work, 1000));
    idle(() => palette().catch(() => {}));
  }, []);
  return [
    jsx(
      Sheet,
      { key: "palette", id: "palette", title: "Search and commands", bare: true, className: "palette" },
      jsx(Palette, { environment, isOpen: isPaletteOpen }),
    ),
    jsx(
      Sheet,
      { key: "shortcuts", id: "shortcuts", title: "Keyboard shortcuts" },
      jsx(ShortcutList),
    ),
  ];
}
