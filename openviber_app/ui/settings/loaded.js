// A small list of the board's, read when it is first shown and again when told to.
import { useCallback, useEffect, useState } from "react";
import { request } from "../live/request.js";

const DAY_MS = 24 * 3600 * 1000;

/** The moment so many days from now, as the API takes it; none for no days. */
export const endIn = (days) => (days ? new Date(Date.now() + Number(days) * DAY_MS).toISOString() : null);

/** `{value, problem, reload}`: the last answer stays while a new one is fetched. */
export function useLoaded(path) {
  const [state, setState] = useState({ value: null, problem: "" });
  const reload = useCallback(async () => {
    try {
      setState({ value: await request("GET", path), problem: "" });
    } catch (refusal) {
      setState((old) => ({ ...old, problem: refusal.message }));
    }
  }, [path]);
  useEffect(() => {
    reload();
  }, [reload]);
  return { ...state, reload };
}
