// What the palette offers, and what of it a few typed words mean.
const words = (text) => text.toLowerCase().split(/\s+/).filter(Boolean);

/** Whether every typed word begins, or is inside of, a word of the item. */
export const isMeant = (item, query) => {
  const inside = `${item.label} ${item.note ?? ""} ${item.also ?? ""}`.toLowerCase();
  return words(query).every((word) => inside.includes(word));
};

/** The things to do; the selected environment is what a new thread belongs to. */
export const actions = ({ environment, theme }) => [
  environment
    ? { id: "new-thread", label: "New thread", icon: "plus", key: "C", href: `/environments/${environment}` }
    : null,
  { id: "create", label: "Create environment", icon: "plus", href: "/environments/new" },
  environment
    ? { id: "map", label: "Map to node", icon: "map", href: `/environments/${environment}?dialog=map`, also: "prepare" }
    : null,
  { id: "add-node", label: "Add node", icon: "node", dialog: "add-node", also: "machine" },
  {
    id: "theme",
    label: theme === "dark" ? "Switch to the light theme" : "Switch to the dark theme",
    icon: "theme",
    also: "appearance colour mode",
    does: "theme",
  },
  { id: "keys", label: "Keyboard shortcuts", icon: "keyboard", key: "?", dialog: "shortcuts" },
  { id: "sign-out", label: "Sign out", icon: "sign-out", does: "sign-out", also: "log out" },
].filter(Boolean);

export const PAGES = [
  { id: "board", label: "Board", icon: "list", href: "/", also: "home start" },
  { id: "mappings", label: "Mappings", icon: "map", href: "/mappings", also: "environments by node" },
  { id: "nodes", label: "Nodes", icon: "node", href: "/nodes", also: "machines" },
  { id: "settings", label: "Settings", icon: "settings", href: "/settings" },
  { id: "profile", label: "Profile", note: "Settings", icon: "user", href: "/settings?section=profile", also: "name password" },
  { id: "sessions", label: "Sessions", note: "Settings", icon: "system", href: "/settings?section=sessions" },
  { id: "tokens", label: "API tokens", note: "Settings", icon: "key", href: "/settings?section=tokens" },
];

const MARKS = { Unmapped: "off", Preparing: "busy", Ready: "ready", Error: "failed", Stale: "warn" };
const RUNS = {
  queued: "busy", running: "busy", waiting_approval: "needs-you", completed: "done", failed: "failed", lost: "warn",
};

export const environmentItem = (row) => ({
  id: `environment-${row.id}`,
  label: row.name,
  note: row.pill,
  mark: MARKS[row.pill] ?? "off",
  href: `/environments/${row.id}`,
});

export const threadItem = (row) => ({
  id: `thread-${row.id}`,
  label: row.title,
  note: row.nodeName || "",
  mark: RUNS[row.lastRun?.status] ?? "off",
  href: `/threads/${row.id}`,
});

/**
 * The list under its headings: threads are the board's own answer to the words, the rest is sifted here.
 * Until the answer to these words is there, the one before is sifted too: Enter must not open what no longer fits.
 */
export const sections = ({ query, environment, theme, environments, threads }) => {
  const sift = (items) => items.filter((item) => isMeant(item, query));
  const fitting = threads.asked === query ? threads.rows : sift(threads.rows);
  const found = [
    ["Threads", query ? fitting : fitting.slice(0, 5)],
    ["Environments", sift(environments).slice(0, query ? 8 : 5)],
    ["Actions", sift(actions({ environment, theme }))],
    ["Pages", sift(PAGES)],
  ];
  const order = query ? found : [found[2], found[0], found[1], found[3]];
  return order.filter(([, items]) => items.length);
};
