import { jsx } from "@emotion/react";
import { lazy, Suspense } from "react";
import { closeDialog, openDialog, useDialog } from "../kit/dialogs.js";
import { Sheet } from "../kit/sheet.jsx";
import { useShortcut } from "../kit/shortcuts.js";

const Palette = lazy(() => import("./palette.jsx"));
const ShortcutList = lazy(() => import("./shortcut_list.jsx").then((found) => ({ default: found.ShortcutList })));

/** The palette and the list of keys, over any page; both are fetched when first opened. */
export function Shell({ environment }) {
  const isPaletteOpen = useDialog("palette") !== null;
  useShortcut("mod+k", () => (isPaletteOpen ? closeDialog() : openDialog("palette")));
  useShortcut("?", () => openDialog("shortcuts"));
  const waits = jsx("div", { className: "h-[280px]" });
  return [
    jsx(
      Sheet,
      { key: "palette", id: "palette", title: "Search and commands", bare: true, className: "palette" },
      jsx(Suspense, { fallback: waits }, jsx(Palette, { environment, isOpen: isPaletteOpen })),
    ),
    jsx(
      Sheet,
      { key: "shortcuts", id: "shortcuts", title: "Keyboard shortcuts" },
      jsx(Suspense, { fallback: waits }, jsx(ShortcutList)),
    ),
  ];
}
