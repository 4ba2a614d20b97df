import { jsx } from "@emotion/react";
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { useNow } from "$/public/external/openviber_app/ui/live/ago.jsx";
import { LogView } from "$/public/external/openviber_app/ui/live/log_view.jsx";
import { drawnWords } from "$/public/external/openviber_app/ui/live/redacted.js";
import { Masked } from "$/public/external/openviber_app/ui/live/redacted.jsx";
import { plainLines } from "$/public/external/openviber_app/ui/live/log_text.js";
import { clock, failureOf, hasEnded, headline, lastLines, phasesOf, progressOf, runningMs, seconds } from "./attempt_words.js";

const TAIL_BYTES = 8192;

const elapsedOf = (prepare, now) =>
  (prepare.endedAt ? Date.parse(prepare.endedAt) : now) - Date.parse(prepare.startedAt ?? prepare.createdAt);

const Phase = ({ phase, ms }) =>
  jsx(
    "li",
    { className: "phase", "data-status": phase.status },
    jsx("span", { className: "mark", "data-kind": phase.mark, "aria-hidden": true }),
    jsx("span", { className: "phase-name" }, phase.label),
    jsx("span", { className: "sr-only" }, `, ${phase.status}`),
    jsx("span", { className: "phase-detail", title: drawnWords(phase.detail) }, phase.status !== "failed" && jsx(Masked, { text: phase.detail })),
    jsx("span", { className: "phase-time" }, ms === null || phase.status === "skipped" ? "" : seconds(ms)),
  );

const Progress = ({ prepare }) => {
  const { over, all } = progressOf(prepare);
  return jsx(
    "div",
    {
      className: "map-progress",
      role: "progressbar",
      "aria-label": "Phases",
      "aria-valuemin": 0,
      "aria-valuemax": all,
      "aria-valuenow": over,
      "aria-valuetext": `${over} of ${all} phases`,
      "data-status": prepare.status,
    },
    jsx("div", { style: { width: `${(100 * over) / all}%` } }),
  );
};

/** The last lines of the log, for a failure that was no command's. */
const useTail = (prepare, isWanted) => {
  const [tail, setTail] = useState("");
  const path = isWanted ? `/api/prepares/${prepare.id}/log?tail=${TAIL_BYTES}` : "";
  useEffect(() => {
    if (!path) return undefined;
    const stop = new AbortController();
    fetch(path, { credentials: "same-origin", signal: stop.signal })
      .then((response) => (response.ok ? response.text() : ""))
      .then((text) => setTail(lastLines(plainLines(text))))
      .catch(() => {}); // the whole log is below
    return () => stop.abort();
  }, [path]);
  return tail;
};

/** A failure leads with the command, its exit code and its last lines. */
function Failure({ prepare, failure }) {
  const tail = useTail(prepare, !failure.tail && prepare.log.bytes !== 0) || failure.tail;
  const lines = useRef(null);
  useLayoutEffect(() => {
    if (lines.current) lines.current.scrollTop = lines.current.scrollHeight; // what failed is last
  }, [tail]);
  return jsx(
    "section",
    { className: "failure", role: "alert", "aria-label": "Why it failed" },
    failure.command
      ? jsx(
          "p",
          { className: "failure-command" },
          jsx("code", null, jsx(Masked, { text: failure.command.split("\n")[0] })),
          failure.exitCode !== null && jsx("span", { className: "pill", "data-kind": "failed" }, `exit code ${failure.exitCode}`),
        )
      : jsx("p", { className: "failure-message" }, jsx(Masked, { text: failure.message })),
    tail && jsx("pre", { ref: lines, className: "failure-tail", tabIndex: 0, role: "group", "aria-label": "Its last lines" }, jsx(Masked, { text: tail })),
    jsx("p", { className: "failure-advice" }, failure.advice),
  );
}

const Success = ({ prepare }) =>
  jsx(
    "p",
    { className: "success", role: "status" },
    prepare.noop ? "It was ready already: nothing it is made of has changed." : "It is cloned, set up and checked. Threads can run in it now.",
    prepare.receipt.commit && jsx("span", { className: "mono" }, ` ${prepare.receipt.commit.slice(0, 12)}`),
  );

/** What a node is going to do, before it was asked to. */
export const Ahead = ({ node }) =>
  jsx(
    "section",
    { className: "attempt", "aria-label": "What the node will do" },
    jsx("header", { className: "attempt-head" }, jsx("h3", null, `What ${node.name} will do`)),
    jsx("ol", { className: "phases" }, phasesOf({ phases: [] }).map((phase) => jsx(Phase, { key: phase.name, phase, ms: null }))),
    jsx("p", { className: "help" }, "Each phase is shown with its time, and the log as it is written. You can close this meanwhile."),
  );

/** One attempt: what it is at, how it ended, its log. */
export function Attempt({ prepare }) {
  const isOver = hasEnded(prepare);
  const now = useNow(isOver ? 3_600_000 : 250);
  const elapsed = elapsedOf(prepare, now);
  const failure = failureOf(prepare);
  const isQueued = prepare.status === "queued";
  return jsx(
    "section",
    { className: "attempt", "aria-label": "Attempt", "data-status": prepare.status },
    jsx(
      "header",
      { className: "attempt-head" },
      jsx("h3", null, headline(prepare)),
      jsx("span", { className: "facts" }, `attempt ${prepare.attempt}${isQueued ? "" : ` · ${clock(elapsed)}`}`),
    ),
    failure && jsx(Failure, { prepare, failure }),
    prepare.status === "succeeded" && jsx(Success, { prepare }),
    prepare.status === "cancelled" && jsx("p", { className: "text-tx2" }, jsx(Masked, { text: prepare.message || "Somebody cancelled it." })),
    isQueued && prepare.waitsFor &&
      jsx(
        "p",
        { className: "text-tx2", role: "status" },
        prepare.nodeDrained
          ? `${prepare.waitsFor} is drained: takes no new work. The prepare begins by itself when it is resumed.`
          : `${prepare.waitsFor} is not connected. The prepare begins by itself when it is back; nothing has to stay open for that.`,
      ),
    !isOver && prepare.status !== "queued" && prepare.nodeLink !== "connected" &&
      jsx("p", { className: "text-amber", role: "status" }, `${prepare.nodeName} does not answer at the moment; it works on, and tells when it is back.`),
    jsx(
      "ol",
      { className: "phases" },
      phasesOf(prepare).map((phase) =>
        jsx(Phase, { key: phase.name, phase, ms: phase.status === "running" ? runningMs(prepare, elapsed) : phase.durationMs }),
      ),
    ),
    jsx(Progress, { prepare }),
    !isQueued &&
      jsx(LogView, {
        execution: prepare.id,
        href: `/api/prepares/${prepare.id}/log`,
        label: "Log of the prepare",
        height: "var(--attempt-log)",
        redacted: prepare.redacted,
      }),
  );
}
