// How an attempt of preparing an environment is told: its phases, its end, what to do.
const PHASES = [
  ["resolve", "Resolve inputs"],
  ["fetch", "Fetch repository"],
  ["checkout", "Check out"],
  ["inject", "Put in variables"],
  ["setup", "Run set-up"],
  ["check", "Health check"],
];
const ENDS = new Set(["succeeded", "failed", "cancelled", "interrupted", "lost"]);
const MARKS = { done: "done", running: "busy", failed: "failed", skipped: "done" };
const LAST_LINES = 20;

export const hasEnded = (prepare) => ENDS.has(prepare.status);

/** The node's phases in their order; those that it did not come to are `waiting`. */
export const phasesOf = (prepare) => {
  const told = new Map(prepare.phases.map((phase) => [phase.name, phase]));
  return PHASES.map(([name, label]) => {
    const { status = "waiting", detail = "", durationMs = null } = told.get(name) ?? {};
    return { name, label, status, detail, durationMs, mark: MARKS[status] ?? "off" };
  });
};

/** How many phases are over, of how many. */
export const progressOf = (prepare) => {
  const phases = phasesOf(prepare);
  const over = phases.filter((phase) => phase.status === "done" || phase.status === "skipped");
  return { over: prepare.status === "succeeded" ? phases.length : over.length, all: phases.length };
};

/** Milliseconds of the phase that goes on: what is left of the whole. */
export const runningMs = (prepare, elapsedMs) =>
  Math.max(0, elapsedMs - prepare.phases.reduce((sum, phase) => sum + (phase.durationMs ?? 0), 0));

export const seconds = (ms) => {
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  return `${Math.floor(ms / 60_000)} min ${Math.floor((ms % 60_000) / 1000)} s`;
};

/** Minutes and seconds as on a clock. */
export const clock = (ms) => {
  const whole = Math.max(0, Math.floor(ms / 1000));
  const two = (n) => String(n).padStart(2, "0");
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60)];
  return `${hours ? `${hours}:` : ""}${two(minutes)}:${two(whole % 60)}`;
};

export const headline = (prepare) => {
  const node = prepare.nodeName;
  switch (prepare.status) {
    case "queued":
      return prepare.waitsFor ? `Waits for ${node}` : `Asking ${node}`;
    case "succeeded":
      return prepare.noop ? `Nothing had changed on ${node}` : `Ready on ${node}`;
    case "failed":
      return prepare.reason === "refused" ? `${node} refused it` : `Could not be prepared on ${node}`;
    case "cancelled":
      return `Cancelled on ${node}`;
    case "interrupted":
      return `Interrupted on ${node}`;
    case "lost":
      return `Given up on ${node}`;
    default:
      return `${prepare.cancelRequestedAt ? "Stopping" : "Preparing"} on ${node}`;
  }
};

const failedPhase = (prepare) => prepare.phases.find((phase) => phase.status === "failed")?.name ?? "";

const adviceOf = (prepare) => {
  if (prepare.reason === "timeout") return "Make the set-up shorter, or raise the environment's time limit, then retry.";
  if (prepare.reason === "interrupted") return "Its process on the node ended before it could say how. Nothing runs again by itself: retry.";
  if (prepare.reason === "lost") return "What the node did is not known. Should it return, this attempt is ended there.";
  if (prepare.reason === "refused") return "It never began. Put right what the message says, then retry.";
  switch (failedPhase(prepare)) {
    case "resolve":
    case "fetch":
      return "Check the repository's address, its branch and the access token, then retry.";
    case "checkout":
      return "Look at what git says above, then retry; another branch is set in the environment.";
    case "setup":
      return "Correct the set-up script, or install on the node what it needs, then retry.";
    case "check":
      return "The set-up went through, but what it made does not pass the check. Correct either of them, then retry.";
    default:
      return "Read its last lines below, then retry.";
  }
};

/** What a failed attempt leads with; null for one that did not fail. `tail` is "" if no step had one. */
export const failureOf = (prepare) => {
  if (!["failed", "interrupted", "lost"].includes(prepare.status)) return null;
  const step = (prepare.receipt.steps ?? []).findLast((one) => one.exitCode !== 0);
  return {
    command: prepare.receipt.failingCommand || (step && !step.command.includes("\n") ? step.command : ""),
    exitCode: step?.exitCode ?? null,
    message: prepare.message,
    tail: lastLines(step?.logTail ?? ""),
    advice: adviceOf(prepare),
  };
};

export const lastLines = (text) => text.replace(/\n+$/, "").split("\n").slice(-LAST_LINES).join("\n");
