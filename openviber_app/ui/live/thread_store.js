// One thread outside React: its head, its timeline, and how both follow the board.
import { openLog } from "./log_source.js";
import { request } from "./request.js";
import { live } from "./socket.js";
import { blocksOf } from "./thread_blocks.js";
import { hasLog, isOpen, logOf } from "./words.js";

const PAGE = 50;
const OLDER = 200;
const SETTLE_MS = 50;

const EMPTY = { thread: null, blocks: [], more: false, isLoading: true, isMissing: false, problem: "", older: "" };

/** The last run's log is shown at once: it is asked for before the page is drawn. */
const askForLog = (run) => {
  if (!hasLog(run)) return;
  const [, release] = openLog(run.id, logOf(run));
  release(); // it is kept a moment, for the view that comes
};

export class ThreadStore {
  items = new Map();
  runs = new Map();
  listeners = new Set();
  floor = 0; // the first position that is loaded without a gap
  state = EMPTY;
  #queue = [];
  #frame = 0;
  #timer = 0;
  #byKey = new Map();
  #isOver = false;
  #off = [];
  #isAsking = false;
  #asksAgain = false;

  constructor(id) {
    this.id = id;
    this.path = `/api/threads/${id}`;
  }

  subscribe = (listener) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  get = () => this.state;

  #set(change) {
    this.state = { ...this.state, ...change };
    for (const listener of this.listeners) listener();
  }

  /** Load and follow; returns the function that stops it. */
  start() {
    this.#isOver = false;
    this.refresh();
    this.#load();
    this.#off.push(live.subscribe("user", () => this.#refreshSoon()));
    const offWatch = live.watch((now) => now === "open" && this.state.problem && this.retry());
    this.#off.push(offWatch);
    return () => this.stop();
  }

  stop() {
    this.#isOver = true;
    for (const off of this.#off.splice(0)) off();
    this.#offTimeline?.();
    this.#offTimeline = null;
    clearTimeout(this.#timer);
    this.#timer = 0;
    this.#unschedule();
  }

  #offTimeline = null;

  retry() {
    this.refresh();
    if (!this.#offTimeline) this.#load();
  }

  /** The head: title, status, node. A hint while one is asked for asks once more afterwards. */
  async refresh() {
    if (this.#isAsking) {
      this.#asksAgain = true;
      return;
    }
    this.#isAsking = true;
    try {
      const thread = await request("GET", this.path);
      if (!this.#isOver) this.#set({ thread, isMissing: false, problem: "" });
    } catch (problem) {
      if (!this.#isOver) this.#fail(problem);
    }
    this.#isAsking = false;
    if (this.#asksAgain && !this.#isOver) {
      this.#asksAgain = false;
      this.refresh();
    }
  }

  #refreshSoon() {
    this.#timer ||= setTimeout(() => {
      this.#timer = 0;
      this.refresh();
    }, SETTLE_MS);
  }

  #fail(problem) {
    if (problem.status === 404 || problem.status === 422) this.#set({ isMissing: true, isLoading: false });
    else if (!this.state.thread || this.state.isLoading) this.#set({ problem: problem.message });
  }

  /** Change the head as the board answered; what it did not answer stays. */
  take(thread) {
    this.#set({ thread: { ...this.state.thread, ...thread } });
  }

  async change(fields) {
    this.take(await request("PATCH", this.path, fields));
  }

  /** Send a message; `key` makes sure that it is taken once. */
  async say(text, key) {
    const headers = { "Idempotency-Key": key };
    return request("POST", `${this.path}/messages`, { text, executor: "shell" }, headers);
  }

  async #load() {
    try {
      const page = await request("GET", `${this.path}/timeline?limit=${PAGE}`);
      if (this.#isOver) return;
      this.floor = page.more ? page.items[0].position : 0;
      this.#apply(page.items, page.runs, { more: page.more, isLoading: false, problem: "" });
      askForLog(this.state.blocks.findLast((block) => block.run)?.run);
      this.#offTimeline = live.subscribe(`timeline:${this.id}`, (events) => this.#heard(events), page.seq);
    } catch (problem) {
      if (!this.#isOver) this.#fail(problem);
    }
  }

  #heard(events) {
    if (events.some((event) => event.t === "gone")) return this.#set({ isMissing: true });
    if (events.some((event) => event.t === "resync")) {
      this.#offTimeline?.();
      this.#offTimeline = null;
      this.#unschedule();
      this.items.clear();
      this.runs.clear();
      this.#load();
      return undefined;
    }
    this.#queue.push(...events);
    this.#schedule();
    return undefined;
  }

  // a hidden page has no frames
  #schedule() {
    if (this.#frame) return;
    const show = () => {
      this.#frame = 0;
      const queue = this.#queue.splice(0);
      const runs = queue.filter((event) => event.t === "run").map((event) => event.run);
      this.#apply(queue.filter((event) => event.t === "item").map((event) => event.item), runs);
      if (runs.length) this.#refreshSoon();
    };
    this.#frame = document.hidden ? setTimeout(show, 250) : requestAnimationFrame(show);
  }

  #unschedule() {
    cancelAnimationFrame(this.#frame);
    clearTimeout(this.#frame);
    this.#frame = 0;
    this.#queue = [];
  }

  /** Take rows in any order: an older one never replaces a newer one, none stands behind a gap. */
  #apply(items, runs, change = {}) {
    for (const run of runs) if (!(this.runs.get(run.id)?.seq > run.seq)) this.runs.set(run.id, run);
    for (const item of items) {
      if (item.position < this.floor || this.items.get(item.id)?.seq > item.seq) continue;
      this.items.set(item.id, item);
    }
    const blocks = blocksOf(this.items.values(), this.runs, this.#byKey);
    this.#byKey = new Map(blocks.map((block) => [block.key, block]));
    this.#set({ blocks, ...change });
  }

  /** Load the page before the first entry. */
  async older() {
    if (!this.state.more || this.state.older === "loading") return;
    this.#set({ older: "loading" });
    try {
      const page = await request("GET", `${this.path}/timeline?limit=${OLDER}&before=${this.floor}`);
      if (this.#isOver) return;
      this.floor = page.more ? page.items[0].position : 0;
      this.#apply(page.items, page.runs, { more: page.more, older: "" });
    } catch (problem) {
      if (!this.#isOver) this.#set({ older: problem.message });
    }
  }

  /** The run that goes on, or the last one; from the timeline, which is there before the head. */
  static runOf({ blocks, thread }) {
    const runs = blocks.map((block) => block.run).filter(Boolean);
    return runs.findLast(isOpen) ?? runs.at(-1) ?? thread?.lastRun ?? null;
  }
}
