import { jsx } from "@emotion/react";
import { useEffect, useState } from "react";
import { LogView } from "./log_view.jsx";
import { request } from "./request.js";

const OPEN = new Set(["queued", "running", "waiting_approval"]);
const KINDS = { completed: "done", failed: "failed", stopped: "off", lost: "warn", waiting_approval: "needs-you" };

export const isOpen = (run) => OPEN.has(run.status);

const seconds = (ms) => {
  const whole = Math.round(ms / 1000);
  if (ms < 10_000) return `${(ms / 1000).toFixed(1)} s`;
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
};

/** Time since the run began, counted here while it goes on. */
function Elapsed({ since }) {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return jsx("span", { className: "tabular-nums" }, seconds(Math.max(0, now - Date.parse(since))));
}

const heading = (run) => {
  if (run.status === "queued") return ["Waits for its node"];
  if (isOpen(run)) return ["Running ", run.startedAt ? jsx(Elapsed, { key: "t", since: run.startedAt }) : ""];
  const took = run.durationMs == null ? "" : ` ${seconds(run.durationMs)}`;
  const words = { completed: "Worked", failed: "Failed after", stopped: "Stopped after", lost: "Lost after" };
  const end = took ? words[run.status] + took : words[run.status].replace(" after", "");
  const facts = [end];
  if (run.exitCode) facts.push(`exit ${run.exitCode}`);
  if (run.files.length) facts.push(`${run.files.length} ${run.files.length === 1 ? "file" : "files"}`);
  if (run.redacted) facts.push(`${run.redacted} secrets redacted`);
  return [facts.join(" · ")];
};

const Files = ({ files }) =>
  jsx(
    "ul",
    { className: "files", "aria-label": "Changed files" },
    files.map((file) =>
      jsx(
        "li",
        { key: file.path },
        jsx("span", { className: "mono" }, file.path),
        file.additions >= 0 && jsx("span", { className: "text-green" }, `+${file.additions}`),
        file.deletions >= 0 && jsx("span", { className: "text-red" }, `−${file.deletions}`),
      ),
    ),
  );

/** One run: a line that says how it went, and opens to its log and the files it changed. */
export function RunCard({ run, isLast }) {
  const [chosen, setChosen] = useState(null);
  const [refusal, setRefusal] = useState("");
  const isShown = chosen ?? (isOpen(run) || isLast || run.status === "failed");
  const stop = async () => {
    try {
      await request("POST", `/api/runs/${run.id}/stop`);
      setRefusal("");
    } catch (problem) {
      setRefusal(problem.message);
    }
  };
  const kind = isOpen(run) && run.status !== "waiting_approval" ? "busy" : KINDS[run.status];
  return jsx(
    "section",
    { className: "run", "data-status": run.status, "aria-label": `Run, ${run.status}` },
    jsx(
      "div",
      { className: "run-head" },
      jsx(
        "button",
        { type: "button", "aria-expanded": isShown, onClick: () => setChosen(!isShown) },
        jsx("span", { className: "mark", "data-kind": kind, "aria-hidden": true }),
        jsx("span", null, ...heading(run)),
        jsx("span", { "aria-hidden": true, className: "text-tx3" }, isShown ? "▾" : "▸"),
      ),
      isOpen(run) &&
        jsx(
          "button",
          { type: "button", className: "btn btn-small btn-danger", onClick: stop, disabled: !!run.stopRequestedAt },
          run.stopRequestedAt ? "Stopping…" : "Stop",
        ),
    ),
    refusal && jsx("p", { role: "alert", className: "text-red" }, refusal),
    run.message && jsx("p", { className: "run-message" }, run.message),
    isShown && run.status !== "queued" &&
      jsx(LogView, { execution: run.id, href: `/api/runs/${run.id}/log`, label: "Output of the run" }),
    isShown && run.files.length > 0 && jsx(Files, { files: run.files }),
  );
}
