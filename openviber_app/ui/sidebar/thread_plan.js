// Where everything of the thread list stands: headings and rows as stretches of one long column.
const HEADINGS = [
  ["pinned", "Pinned", "pinned"],
  ["today", "Today", "recent"],
  ["last7Days", "Last 7 days", "recent"],
  ["older", "Older", "recent"],
];

/**
 * Return the stretches and the height of all. A stretch of rows has `section` and the `first` of its
 * rows in there, and the heading it is `of`; `position` counts rows only, over the whole list.
 */
export function planOf(counts, { row, heading, isArchiveOpen }) {
  const stretches = [];
  let top = 0;
  let position = 0;
  const add = (stretch, height) => {
    stretches.push({ ...stretch, top, height });
    top += height;
  };
  const rows = (section, first, count, of) => {
    add({ section, first, count, position, of }, count * row);
    position += count;
  };
  const begun = { pinned: 0, recent: 0 };
  for (const [name, title, section] of HEADINGS) {
    if (!counts[name]) continue;
    add({ title, name }, heading);
    rows(section, begun[section], counts[name], title);
    begun[section] += counts[name];
  }
  if (counts.archived) {
    add({ title: "Archived", name: "archived", count: counts.archived }, heading);
    if (isArchiveOpen) rows("archived", 0, counts.archived, "Archived");
  }
  return { stretches, height: top, positions: position };
}

/** What of a plan is drawn between two heights: headings, and ranges of rows. */
export function drawnOf(plan, { from, to, row }) {
  const drawn = [];
  for (const stretch of plan.stretches) {
    if (stretch.top >= to || stretch.top + stretch.height <= from) continue;
    if (!stretch.section) {
      drawn.push(stretch);
      continue;
    }
    const begin = Math.max(0, Math.floor((from - stretch.top) / row));
    const end = Math.min(stretch.count, Math.ceil((to - stretch.top) / row));
    drawn.push({ ...stretch, begin, end });
  }
  return drawn;
}

/** Where a row stands, by its position in the whole list; null when there is none. */
export function placeOf(plan, position, row) {
  const stretch = plan.stretches.find((s) => s.section && position >= s.position && position < s.position + s.count);
  if (!stretch) return null;
  const within = position - stretch.position;
  return { top: stretch.top + within * row, section: stretch.section, index: stretch.first + within };
}
