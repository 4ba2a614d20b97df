// The rows of an environment's thread list that were asked for, by section and page. It outlives the
// pages of the board, so going from one to the other shows the list at once; it lives on globalThis
// because the bundler may load this module twice.
import { request } from "./request.js";
import { live } from "./socket.js";

export const PAGE = 30;
const SETTLE_MS = 80;
const NOTHING = Object.freeze({ pinned: 0, today: 0, last7Days: 0, older: 0, archived: 0 });

export class ThreadCache {
  counts = NOTHING;
  isLoaded = false;
  problem = "";
  version = 0; // what React compares
  #age = 1; // of what the board told last; pages of an earlier age are asked for again
  #pages = new Map(); // "recent:2" -> { rows, age }
  #asked = new Map(); // "recent:2" -> the age for which it is under way
  #wanted = new Set();
  #readers = new Set();
  #off = null;
  #timer = 0;

  constructor(environment, ask = request) {
    this.environment = environment;
    this.ask = ask;
  }

  row(section, index) {
    return this.#pages.get(`${section}:${Math.floor(index / PAGE)}`)?.rows[index % PAGE];
  }

  /** The row of a thread, of any page that was asked for. */
  find(id) {
    for (const { rows } of this.#pages.values()) {
      const row = rows.find((one) => one.id === id);
      if (row) return row;
    }
    return undefined;
  }

  /** Say which rows are drawn: `[section, from, to]` each; what is missing or old is asked for. */
  want(ranges) {
    this.#wanted.clear();
    for (const [section, from, to] of ranges)
      for (let page = Math.floor(from / PAGE); page <= Math.floor(Math.max(from, to - 1) / PAGE); page++)
        this.#wanted.add(`${section}:${page}`);
    this.#fill();
  }

  /** Something changed: ask again for what is drawn, and for the rest when it comes into view. */
  refresh() {
    this.#age++;
    this.#fill();
  }

  #fill() {
    for (const key of this.#wanted)
      if (this.#pages.get(key)?.age !== this.#age && !this.#asked.has(key)) this.#load(key);
  }

  async #load(key) {
    const age = this.#age;
    const [section, page] = key.split(":");
    this.#asked.set(key, age);
    const query = new URLSearchParams({
      section,
      offset: page * PAGE,
      limit: PAGE,
      utcOffset: -new Date().getTimezoneOffset(),
    });
    if (this.environment) query.set("environmentId", this.environment);
    try {
      const answer = await this.ask("GET", `/api/threads?${query}`);
      this.#pages.set(key, { rows: answer.threads, age });
      this.counts = answer.counts;
      this.isLoaded = true;
      this.problem = "";
    } catch (problem) {
      this.problem = problem.message;
    }
    this.#asked.delete(key);
    this.#tell();
    if (!this.problem) this.#fill(); // it may have changed meanwhile
  }

  #tell() {
    this.version++;
    for (const reader of this.#readers) reader();
  }

  subscribe = (reader) => {
    this.#readers.add(reader);
    this.#off ??= this.#listen();
    return () => {
      this.#readers.delete(reader);
      if (this.#readers.size) return;
      clearTimeout(this.#timer);
      this.#timer = 0;
      this.#off?.();
      this.#off = null;
    };
  };

  #listen() {
    if (!live) return () => {};
    const changed = () => {
      this.#timer ||= setTimeout(() => {
        this.#timer = 0;
        this.refresh();
      }, SETTLE_MS);
    };
    let wasDown = false;
    const offWatch = live.watch((state) => {
      if (state === "open" && wasDown) changed(); // what was missed meanwhile
      wasDown = state === "closed";
    });
    const off = live.subscribe("user", changed);
    changed(); // and what was missed while nobody looked
    return () => {
      off();
      offWatch();
    };
  }
}

/** The one cache of an environment in this tab. */
export const cacheOf = (environment) => {
  const all = (globalThis.__openviberThreadLists ??= new Map());
  if (!all.has(environment)) all.set(environment, new ThreadCache(environment));
  return all.get(environment);
};

/** What a list of this tab knows of a thread; its page begins with that. */
export const knownRow = (id) => {
  for (const cache of globalThis.__openviberThreadLists?.values() ?? []) {
    const row = cache.find(id);
    if (row) return row;
  }
  return null;
};
