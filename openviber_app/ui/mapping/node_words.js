// A machine and an environment on it, in few words.
const GIB = 1024 ** 3;

const size = (bytes) => `${bytes >= 10 * GIB ? Math.round(bytes / GIB) : (bytes / GIB).toFixed(1)} GB`;

/** "Debian GNU/Linux 12 (bookworm)" as "Debian 12". */
const shortOs = (name) => name.replace(/\s*\([^)]*\)/g, "").replace(" GNU/Linux", "");

/** What a node has to offer. */
export const nodeFacts = (node) =>
  [
    shortOs(node.os),
    node.cores && `${node.cores} ${node.cores === 1 ? "core" : "cores"}`,
    node.memoryFreeBytes && `${size(node.memoryFreeBytes)} free`,
    node.diskFreeBytes && `${size(node.diskFreeBytes)} disk`,
  ]
    .filter(Boolean)
    .join(" · ");

const PILLS = { pending: "Preparing", preparing: "Preparing", ready: "Ready", error: "Error", stale: "Stale" };
const MARKS = { pending: "busy", preparing: "busy", ready: "ready", error: "failed", stale: "warn" };
const ENDS = { succeeded: "succeeded", failed: "failed", cancelled: "cancelled", interrupted: "interrupted", lost: "given up" };

/** The status of an environment on a node, as a word and a mark. */
export const pillOf = (binding) => {
  const isWaiting = binding.waitsFor && binding.status !== "ready";
  return { word: isWaiting ? "Waits" : PILLS[binding.status], kind: MARKS[binding.status] };
};

export const isGoingOn = (binding) => ["queued", "accepted", "running"].includes(binding.prepareStatus);

/** What is worth knowing about its state: why it is stale, failed, or not there yet. */
export const noteOf = (binding) => {
  if (binding.nodeLink === "revoked") return `${binding.nodeName} was revoked. Map the environment to another node.`;
  if (binding.waitsFor && binding.nodeDrained) return `${binding.waitsFor} is drained; the prepare begins when it is resumed.`;
  if (binding.waitsFor) return `${binding.waitsFor} is not connected; the prepare begins when it is back.`;
  if (binding.status === "stale")
    return `Since it was prepared, ${binding.staleNote} changed. Threads go on with what was prepared; prepare again to use the change.`;
  if (binding.status === "error") return binding.lastError;
  return "";
};

/** How an attempt ended, in a word. */
export const endOf = (status) => ENDS[status] ?? (status === "queued" ? "waits" : "going on");

const many = (n, noun) => `${n} ${noun}${n === 1 ? "" : "s"}`;

/** The workspaces of an environment on a node. */
export const slotsOf = ({ slots }) => {
  const all = slots.ready + slots.claimed;
  if (!all) return "";
  return `${many(all, "workspace")}${slots.ready ? `, ${slots.ready} spare` : ""}`;
};

/** What goes when an environment is taken off a node. */
export const unmapText = (binding) => {
  const node = binding.nodeName;
  const all = binding.slots.ready + binding.slots.claimed;
  const files = all
    ? `Its ${many(all, "workspace")} on ${node} ${all === 1 ? "is" : "are"} removed; what threads changed there stays in ${node}'s copy of the repository.`
    : `Its folder on ${node} stays as it is.`;
  return `${files} The logs of its prepares are deleted. Threads keep their history, and can run on another node.`;
};
