import { jsx } from "@emotion/react";
import { lazy, Suspense, useEffect } from "react";
import { closeDialog, openDialog, useDialog } from "../kit/dialogs.js";
import { Sheet } from "../kit/sheet.jsx";
import { useShortcut } from "../kit/shortcuts.js";

const palette = () => import("./palette.jsx");
const Palette = lazy(palette);
const ShortcutList = lazy(() => import("./shortcut_list.jsx").then((found) => ({ default: found.ShortcutList })));

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
