// Which part of a long list is drawn, from the heights of its rows.

/**
 * The rows from `from` to before `to` cover the view and `margin` around it; `before` and `after`
 * are the heights of what is left out. A `top` past the end means the end.
 */
export function windowOf(sizes, { top, height }, margin) {
  let total = 0;
  for (const size of sizes) total += size;
  const start = Math.max(0, Math.min(top, total - height)) - margin;
  const end = start + height + 2 * margin;
  let from = 0;
  let before = 0;
  while (from < sizes.length && before + sizes[from] < start) before += sizes[from++];
  let to = from;
  let at = before;
  while (to < sizes.length && at < end) at += sizes[to++];
  return { from, to, before, after: total - at };
}

/** Where a row begins. */
export const topOf = (sizes, index) => {
  let top = 0;
  for (let n = 0; n < index; n++) top += sizes[n];
  return top;
};

/** The row that stands at a height; the last one past the end. */
export const indexAt = (sizes, top) => {
  let index = 0;
  let at = sizes[0] ?? 0;
  while (index < sizes.length - 1 && at <= top) at += sizes[++index];
  return index;
};
