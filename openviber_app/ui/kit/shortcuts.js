// Single keys and chords of the page, heard in one place. A key typed into a field, or while a
// dialog or a menu is open, is that one's own; only chords with the command key go through.
import { useEffect, useRef } from "react";

const isMac = () => /Mac|iPhone|iPad/.test(globalThis.navigator?.platform ?? "");
const TYPING = "input, textarea, select, [contenteditable=''], [contenteditable=true], [role=textbox]";
const OWN_KEYS = "[role=menu], [role=listbox], [role=combobox], .xterm";

/** The name of a key event: `k`, `?`, `Enter`, `mod+k` (Command on a Mac, Ctrl elsewhere). */
export const chordOf = (event) => {
  const hasMod = isMac() ? event.metaKey : event.ctrlKey;
  const other = isMac() ? event.ctrlKey : event.metaKey;
  if (event.altKey || other) return "";
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  return (hasMod ? "mod+" : "") + key;
};

/** How a chord is written on this machine: `mod+k` is ⌘K or Ctrl K. */
export const keysOf = (chord) =>
  chord.split("+").map((key) => (key === "mod" ? (isMac() ? "⌘" : "Ctrl") : key.length === 1 ? key.toUpperCase() : key));

const create = () => {
  const handlers = new Map(); // chord -> newest last
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || event.repeat) return;
    const chord = chordOf(event);
    const handler = handlers.get(chord)?.at(-1);
    if (!handler) return;
    const at = event.target instanceof Element ? event.target : document.body;
    const isChord = chord.startsWith("mod+");
    if (!isChord && (at.closest(TYPING) || at.closest(OWN_KEYS) || document.querySelector("dialog[open]"))) return;
    if (chord === "Enter" && at.closest("a, button, summary")) return;
    event.preventDefault();
    handler.current(event);
  });
  return {
    add(chord, handler) {
      handlers.set(chord, [...(handlers.get(chord) ?? []), handler]);
      return () => {
        handlers.set(chord, handlers.get(chord).filter((other) => other !== handler));
      };
    },
  };
};

/** Call `handler` at a key of this page (`"c"`, `"/"`, `"?"`, `"Enter"`, `"mod+k"`). */
export function useShortcut(key, handler) {
  const newest = useRef(handler);
  newest.current = handler;
  useEffect(() => {
    const keys = (globalThis.__openviberShortcuts ??= create());
    return keys.add(key, newest);
  }, [key]);
}
