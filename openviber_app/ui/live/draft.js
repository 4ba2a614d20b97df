import { useCallback, useSyncExternalStore } from "react";
import { keptDrafts, NOTHING } from "./draft_store.js";

/**
 * What is typed under a key, as `{ value, set, isLoaded, discard, state }`. `value` is any JSON, or
 * null; `set(value or (value) => value)` keeps it here at once and on the board soon after, and an
 * empty one deletes it. `isLoaded` says that the board was asked too. `state` is "saved", "saving",
 * or "local" while the board does not take it. Never put a secret into it.
 */
export function useDraft(key) {
  const subscribe = useCallback((reader) => keptDrafts.open(key).subscribe(reader), [key]);
  const snapshot = useSyncExternalStore(
    subscribe,
    () => keptDrafts.open(key).snapshot(),
    () => NOTHING,
  );
  const set = useCallback((value) => keptDrafts.open(key).set(value), [key]);
  const discard = useCallback(() => keptDrafts.open(key).discard(), [key]);
  return { ...snapshot, set, discard };
}
