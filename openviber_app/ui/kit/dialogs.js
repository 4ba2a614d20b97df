// Which dialog is open is part of the address: `?dialog=map&map.node=…`. A parameter of a dialog has
// its name before it, so that closing one takes away what belongs to it and nothing else.
import { useMemo, useSyncExternalStore } from "react";
import { useLocation } from "react-router";

const kept = (globalThis.__openviberDialogs ??= { navigate: null });
const OPENED_HERE = "openviberDialog";

/** Given once by the page's host: React Router's own way to another address. */
export const setNavigate = (navigate) => {
  kept.navigate = navigate;
};

const without = (search) => {
  const query = new URLSearchParams(search);
  const id = query.get("dialog");
  query.delete("dialog");
  for (const name of [...query.keys()]) if (id && name.startsWith(`${id}.`)) query.delete(name);
  return query;
};

const go = (query, options) => {
  const search = query.toString();
  kept.navigate?.(
    { pathname: location.pathname, search: search && `?${search}` },
    { preventScrollReset: true, ...options },
  );
};

/** Open a dialog over the page; a dialog that is open already gives way to it. */
export function openDialog(id, params = {}) {
  const isOpen = new URLSearchParams(location.search).has("dialog");
  const wasOpenedHere = Boolean(history.state?.usr?.[OPENED_HERE]);
  const query = without(location.search);
  query.set("dialog", id);
  for (const [name, value] of Object.entries(params)) query.set(`${id}.${name}`, String(value));
  go(query, { replace: isOpen, state: { [OPENED_HERE]: !isOpen || wasOpenedHere } });
}

/** Close the open dialog: back, if it was opened on this page; else the address loses its name. */
export function closeDialog() {
  if (!new URLSearchParams(location.search).has("dialog")) return;
  if (history.state?.usr?.[OPENED_HERE]) kept.navigate?.(-1);
  else go(without(location.search), { replace: true });
}

const never = () => () => {};

/** The address's query; empty while a prerendered page, which knows none, is taken over. */
export function useQuery() {
  const { search } = useLocation();
  const isTakenOver = useSyncExternalStore(never, () => true, () => false);
  return isTakenOver ? search : "";
}

/** The parameters of a dialog while it is open, else null. */
export function useDialog(id) {
  const search = useQuery();
  return useMemo(() => {
    const query = new URLSearchParams(search);
    if (query.get("dialog") !== id) return null;
    const own = [...query].filter(([name]) => name.startsWith(`${id}.`));
    return Object.fromEntries(own.map(([name, value]) => [name.slice(id.length + 1), value]));
  }, [search, id]);
}
