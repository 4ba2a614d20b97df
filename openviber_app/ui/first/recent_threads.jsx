import { jsx } from "@emotion/react";
import { useEffect, useState } from "react";
import { Link } from "react-router";
import { Ago } from "$/public/external/openviber_app/ui/live/ago.jsx";
import { request } from "$/public/external/openviber_app/ui/live/request.js";
import { live } from "$/public/external/openviber_app/ui/live/socket.js";
import { shapeOf } from "$/public/external/openviber_app/ui/live/words.js";

const SHOWN = 6;
const SETTLE_MS = 100;
const kept = (globalThis.__openviberRecent ??= { threads: null });

/** The threads with the newest activity; what was known is shown at once, then kept up to date. */
function useRecent() {
  const [threads, setThreads] = useState(kept.threads);
  useEffect(() => {
    let timer = 0;
    let isGone = false;
    const load = async () => {
      timer = 0;
      try {
        const answer = await request("GET", `/api/threads?status=active&limit=${SHOWN}`);
        kept.threads = answer.threads;
        if (!isGone) setThreads(answer.threads);
      } catch {
        // the line's own sign says that the board does not answer; what was known stays
      }
    };
    load();
    const off = live.subscribe("user", () => {
      timer ||= setTimeout(load, SETTLE_MS);
    });
    return () => {
      isGone = true;
      off();
      clearTimeout(timer);
    };
  }, []);
  return threads;
}

const wordOf = (run) => {
  if (!run) return "";
  if (run.status === "failed") return run.exitCode ? `exit ${run.exitCode}` : "failed";
  return { queued: "waits", running: "running", waiting_approval: "needs you", stopped: "stopped", lost: "lost" }[run.status] ?? "";
};

/** Rows that lead to the last threads, of any environment. */
export function RecentThreads({ className }) {
  const threads = useRecent();
  if (!threads?.length) return null;
  return jsx(
    "section",
    { className: `recent ${className ?? ""}`, "aria-label": "Recent threads" },
    jsx("h2", null, "Recent threads"),
    jsx(
      "ul",
      null,
      threads.map((thread) =>
        jsx(
          "li",
          { key: thread.id },
          jsx(
            Link,
            { to: `/threads/${thread.id}`, className: "recent-row" },
            jsx("span", { className: "mark", "data-kind": thread.lastRun ? shapeOf(thread.lastRun) : "off", "aria-hidden": true }),
            jsx("span", { className: "recent-title" }, thread.title),
            jsx("span", { className: "recent-word" }, wordOf(thread.lastRun)),
            jsx("span", { className: "recent-node" }, thread.nodeName),
            jsx("span", { className: "recent-when" }, jsx(Ago, { at: thread.lastMessageAt })),
          ),
        ),
      ),
    ),
  );
}
