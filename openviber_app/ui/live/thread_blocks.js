// Puts the entries of a timeline together as they are shown: a message with its run and its steps.

/** Kinds that are work; the others are said to the reader. */
const STEPS = new Set(["tool_call", "terminal", "thought", "artifact", "plan", "approval"]);

const isSame = (a, b) =>
  a.run === b.run &&
  a.message === b.message &&
  a.items.length === b.items.length &&
  a.items.every((item, index) => item === b.items[index]);

/**
 * Blocks in their order. `before` are the blocks of the last call, by key: one in which nothing
 * changed is given again as it was, so that nothing of it is drawn anew.
 */
export function blocksOf(items, runs, before = new Map()) {
  const found = new Map();
  const sorted = [...items].sort((a, b) => a.position - b.position);
  for (const item of sorted) {
    const run = item.runId ? runs.get(item.runId) : null;
    const isMessage = item.kind === "user_message";
    const key = isMessage ? item.id : (run?.messageId ?? item.runId ?? item.id);
    let block = found.get(key);
    if (!block) found.set(key, (block = { key, message: null, run: null, items: [] }));
    block.run ??= run;
    if (isMessage) block.message = item;
    else block.items.push(item);
  }
  return [...found.values()].map((block) => {
    const old = before.get(block.key);
    return old && isSame(old, block) ? old : block;
  });
}

/** A run's entries as work that folds and what was said at the end, which does not. */
export function partsOf(items) {
  const notices = items.filter((item) => item.kind === "notice");
  const others = items.filter((item) => item.kind !== "notice");
  const last = others.findLastIndex((item) => STEPS.has(item.kind) || item.kind === "user_message");
  return { notices, steps: others.slice(0, last + 1), said: others.slice(last + 1) };
}

/** Which step shows the run's log: the last that wrote to it. */
export const logStepOf = (steps) => steps.findLast((item) => item.fields.log_start != null)?.id ?? null;

/** How many of the steps did something. */
export const countSteps = (steps) => steps.filter((item) => item.kind !== "plan" && item.kind !== "thought").length;
