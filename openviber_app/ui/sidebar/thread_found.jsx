import { jsx } from "@emotion/react";
import { useEffect, useRef, useState } from "react";
import { request } from "$/public/external/openviber_app/ui/live/request.js";
import { ThreadRow } from "./thread_row.jsx";

const WAIT_MS = 120;

/** What the board finds for words as they are typed; an answer to older words is dropped. */
export function useFound(words, environment, version) {
  const [answer, setAnswer] = useState(null); // { words, rows, next, problem }
  const asked = useRef(0);
  const ask = async (before) => {
    const number = ++asked.current;
    const query = new URLSearchParams({ search: words, utcOffset: -new Date().getTimezoneOffset() });
    if (environment) query.set("environmentId", environment);
    if (before) query.set("before", before);
    try {
      const page = await request("GET", `/api/threads?${query}`);
      if (number !== asked.current) return;
      setAnswer((old) => {
        const rows = before ? old.rows : [];
        const known = new Set(rows.map((row) => row.id));
        return { words, rows: [...rows, ...page.threads.filter((row) => !known.has(row.id))], next: page.next };
      });
    } catch (problem) {
      if (number === asked.current) setAnswer({ words, rows: [], next: null, problem: problem.message });
    }
  };
  useEffect(() => {
    asked.current++; // what is under way is stale
    if (!words) return setAnswer(null);
    const timer = setTimeout(() => ask(null), WAIT_MS);
    return () => clearTimeout(timer);
  }, [words, environment, version]);
  return [answer, () => ask(answer.next)];
}

/** The threads in which the words stand, in the list's place. */
export function Found({ answer, more, cache, now, selected, scope, onEverywhere, onFocus, onKeepUnread }) {
  if (!answer) return jsx("div", { className: "flex-1" });
  const isNothing = !answer.rows.length && !answer.next;
  return jsx(
    "div",
    { className: "threads-scroll", "data-found": answer.words },
    jsx(
      "p",
      { className: "nav-head", role: "status" },
      answer.problem || (isNothing ? `No thread ${scope} has these words.` : `Found ${scope}`),
    ),
    jsx(
      "div",
      { role: "list", "aria-label": "Threads found" },
      answer.rows.map((thread, n) =>
        jsx(ThreadRow, {
          key: thread.id,
          cache,
          thread,
          now,
          isSelected: thread.id === selected,
          position: n,
          onFocus,
          onKeepUnread,
        }),
      ),
    ),
    answer.next && jsx("button", { type: "button", className: "btn btn-small mx-2 my-2", onClick: more }, "Show more"),
    onEverywhere &&
      jsx(
        "button",
        { type: "button", className: "btn btn-small mx-2 my-2", onClick: onEverywhere },
        "Search all environments",
      ),
  );
}
