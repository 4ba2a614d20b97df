// One-time commands of this tab: they live here only, never in an address, a store or a log.
import { useSyncExternalStore } from "react";
import { request } from "$/public/external/openviber_app/ui/live/request.js";

const create = () => ({ made: new Map(), readers: new Set() });

const kept = (globalThis.__openviberCommands ??= create()); // a module may be bundled twice

const changed = () => {
  for (const reader of kept.readers) reader();
};

const keep = (made) => {
  kept.made = new Map(kept.made).set(made.nodeId, made);
  changed();
  return made;
};

/** Make a node's row, and the command that claims it. */
export const makeCommand = async (name) => keep(await request("POST", "/api/nodes/tokens", { name }));

/** Make another command for a node that waits; the one before ends. */
export const makeAnother = async (id) => keep(await request("POST", `/api/nodes/${id}/tokens`));

/** Forget a command that was used, or is of no use. */
export const forget = (id) => {
  if (!kept.made.has(id)) return;
  kept.made = new Map(kept.made);
  kept.made.delete(id);
  changed();
};

const subscribe = (reader) => {
  kept.readers.add(reader);
  return () => kept.readers.delete(reader);
};
const none = new Map();

/** The command that this tab made for a node, if it did. */
export const useCommand = (id) =>
  useSyncExternalStore(
    subscribe,
    () => kept.made,
    () => none,
  ).get(id);
