// How a thread's row says what it does.
const MARKS = {
  queued: "busy",
  running: "busy",
  waiting_approval: "needs-you",
  completed: "done",
  failed: "failed",
  stopped: "off",
  lost: "warn",
};
const WORDS = { queued: "waits", running: "running", waiting_approval: "needs approval", stopped: "stopped", lost: "lost" };
const OPEN = new Set(["queued", "running", "waiting_approval"]);
const DAY = 86_400_000;

export const isGoing = (thread) => OPEN.has(thread.lastRun?.status);

export const markOf = (thread) => {
  if (thread.waitsFor) return "warn";
  return MARKS[thread.lastRun?.status] ?? "off";
};

/** The one fact worth knowing, and how urgent it is. */
export const factOf = (thread) => {
  const run = thread.lastRun;
  if (thread.waitsFor) return { text: `waits for ${thread.waitsFor}`, kind: "warn" };
  if (run?.status === "waiting_approval") return { text: WORDS.waiting_approval, kind: "needs-you" };
  if (run?.status === "failed") return { text: run.exitCode ? `failed: exit ${run.exitCode}` : "failed", kind: "failed" };
  if (thread.status === "paused") return { text: "paused", kind: "" };
  if (run && WORDS[run.status]) return { text: WORDS[run.status], kind: "" };
  if (run && (run.additions || run.deletions)) return { text: `+${run.additions} −${run.deletions}`, kind: "" };
  return { text: "", kind: "" };
};

/** When something was, as short as it can be told. */
export const whenOf = (at, now) => {
  const moment = Date.parse(at);
  const passed = Math.max(0, now - moment);
  if (passed < 60_000) return "now";
  if (passed < 3_600_000) return `${Math.floor(passed / 60_000)} min`;
  if (passed < DAY) return `${Math.floor(passed / 3_600_000)} h`;
  const date = new Date(moment);
  if (passed < 6 * DAY) return date.toLocaleDateString(undefined, { weekday: "short" });
  const isThisYear = date.getFullYear() === new Date(now).getFullYear();
  return date.toLocaleDateString(undefined, {
    day: "numeric",
    month: "short",
    year: isThisYear ? undefined : "numeric",
  });
};
