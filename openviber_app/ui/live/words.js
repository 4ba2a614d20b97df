// How times, counts and ends of runs are said.
const OPEN = new Set(["queued", "running", "waiting_approval"]);

export const isOpen = (run) => OPEN.has(run?.status);

/** Whether a run has printed, or still may. */
export const hasLog = (run) => Boolean(run?.startedAt && (run.log.bytes !== 0 || isOpen(run)));

export const logOf = (run) => `/api/runs/${run.id}/log`;

export const duration = (ms) => {
  if (ms < 50) return "< 0.1 s";
  if (ms < 9_950) return `${(ms / 1000).toFixed(1)} s`;
  const whole = Math.round(ms / 1000);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
};

export const count = (n, noun) => `${n} ${noun}${n === 1 ? "" : "s"}`;

/** A refusal as a sentence: what the board said of each field, or of the whole. */
export const refusalOf = (problem) => {
  const text = problem.errors?.map((e) => e.detail).join("; ") || problem.message;
  return text && text[0].toUpperCase() + text.slice(1) + (/[.!?…]$/.test(text) ? "" : ".");
};

/** The first line of a script that does something; "…" when more follows. */
export const firstLine = (text) => {
  const lines = text.split("\n").filter((line) => line.trim() && !line.startsWith("#!"));
  return lines.length > 1 ? `${lines[0].trim()} …` : (lines[0]?.trim() ?? "");
};

const SHAPES = { completed: "done", failed: "failed", stopped: "off", lost: "warn", waiting_approval: "needs-you" };
const WORDS = { completed: "Worked", failed: "Failed", stopped: "Stopped", lost: "Lost" };

export const shapeOf = (run) => SHAPES[run.status] ?? "busy";

/** What a run's folded line begins with; the time of one that goes on is shown beside it. */
export const stateOf = (run) => {
  if (run.status === "queued") return run.stopRequestedAt ? "Stopping" : "Waits for its node";
  if (run.status === "waiting_approval") return "Waiting for you";
  if (isOpen(run)) return run.stopRequestedAt ? "Stopping" : "Working";
  if (run.durationMs == null) return WORDS[run.status];
  return `${WORDS[run.status]}${run.status === "completed" ? "" : " after"} ${duration(run.durationMs)}`;
};

const ADVICE = {
  failed: "Read its last lines, then change what you sent or run it again.",
  timeout: "It reached the environment's time limit. Raise the limit there, or do less in one run.",
  interrupted: "Nothing runs again by itself. Look at what it left behind, then run it again if you want that.",
  refused: "It never began. Put right what the node says, then run it again.",
  stopped: "What it had changed by then is still in the workspace.",
  cancelled: "What it had changed by then is still in the workspace.",
  lost: "What it did on its node is not known. Should the node return, the run is ended there and its result kept here.",
};

/** What to do about a run that did not simply work; empty for one that did. */
export const adviceOf = (run) =>
  isOpen(run) || run.status === "completed" ? "" : (ADVICE[run.reason] ?? ADVICE[run.status] ?? "");

/** Why a run ended, in words for its pill; an exit code says more than "failed". */
export const pillOf = (run) => {
  if (run.status !== "failed") return "";
  if (run.exitCode) return `exit ${run.exitCode}`;
  return { timeout: "time limit", interrupted: "interrupted", refused: "refused" }[run.reason] ?? "failed";
};

/** What became known of a run that had been given up. */
export const lateWords = (late) => {
  const facts = [late.status];
  if (late.exitCode != null) facts.push(`exit ${late.exitCode}`);
  if (late.durationMs != null) facts.push(`after ${duration(late.durationMs)}`);
  if (late.files?.length) facts.push(count(late.files.length, "file"));
  return `Its node came back and told how it had ended: ${facts.join(", ")}. This is kept as evidence; the run stays lost.`;
};
