// One log of this tab: its last bytes by REST, then live; earlier bytes when somebody wants them.
// All views of a log share it. It lives on globalThis because the bundler may load a module twice.
import { LogBytes } from "./log_bytes.js";
import { bytesOf } from "./log_text.js";
import { live } from "./socket.js";

const TAIL = 128 * 1024;
const PAGE = 512 * 1024;
const AT_ONCE = 4;
const KEPT_MS = 5000; // a view that moves in the page finds its log again

const numberIn = (headers, name) => (headers.has(name) ? Number(headers.get(name)) : null);

class LogSource {
  bytes = new LogBytes();
  /** loading | live | ended | gone | unreachable */
  state = "loading";
  facts = { lines: null, redacted: 0, truncatedBytes: 0, removedAt: "" };
  version = 0; // grows when lines come before those that are here, or all is void
  #listeners = new Set();
  #off = () => {};
  #offWatch = () => {};
  #earlier = null;

  constructor(execution, href) {
    this.execution = execution;
    this.href = href;
  }
  listen(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
  async open() {
    this.#offWatch = live.watch((state) => state === "open" && this.state === "unreachable" && this.#load());
    await this.#load();
  }
  close() {
    this.isClosed = true;
    this.#off();
    this.#offWatch();
  }
  /** Load a page before what is here; `far` asks for several at once. Returns when it is there. */
  loadEarlier(far = false) {
    if (!this.bytes.from || this.state === "gone") return Promise.resolve();
    this.#earlier ??= this.#fetchEarlier(far ? AT_ONCE : 1).finally(() => {
      this.#earlier = null;
    });
    return this.#earlier;
  }
  /** Load all of the log; false when it could not be. */
  async loadAll() {
    while (this.bytes.from > 0 && !this.isClosed) {
      const before = this.bytes.from;
      await this.loadEarlier(true);
      if (this.bytes.from === before) return false;
    }
    return true;
  }

  async #load() {
    try {
      const { headers, data } = await this.#get(`tail=${TAIL}`);
      if (this.isClosed) return;
      this.bytes.reset(numberIn(headers, "X-Log-Offset") ?? 0);
      this.bytes.append(data);
      this.#learn(headers);
      this.state = headers.get("X-Log-Complete") === "true" ? "ended" : "live";
      this.version++;
      if (this.state === "live") this.#follow();
    } catch (problem) {
      this.state = problem.status === 404 ? "gone" : "unreachable";
    }
    this.#tell();
  }
  async #get(query) {
    const response = await fetch(`${this.href}?${query}`, { credentials: "same-origin" });
    if (!response.ok) throw Object.assign(new Error("the log cannot be had"), { status: response.status });
    return { headers: response.headers, data: new Uint8Array(await response.arrayBuffer()) };
  }
  async #fetchEarlier(pages) {
    const end = this.bytes.from;
    const version = this.version;
    const parts = [];
    for (let n = 0; n < pages && end - n * PAGE > 0; n++) {
      const to = end - n * PAGE;
      const from = Math.max(0, to - PAGE);
      parts.push(this.#get(`offset=${from}&limit=${to - from}`));
    }
    try {
      for (const { data } of await Promise.all(parts)) {
        if (this.isClosed || this.version !== version) return;
        this.bytes.prepend(data);
      }
      this.version++;
    } catch {
      return; // whoever scrolls or searches asks again
    }
    this.#tell();
  }
  #learn(headers) {
    this.facts = {
      lines: numberIn(headers, "X-Log-Lines"),
      redacted: numberIn(headers, "X-Log-Redacted") ?? 0,
      truncatedBytes: numberIn(headers, "X-Log-Truncated-Bytes") ?? 0,
      removedAt: headers.get("X-Log-Removed-At") ?? "",
    };
  }
  #follow() {
    this.#off();
    this.#off = live.subscribe(`log:${this.execution}`, (events) => this.#take(events), this.bytes.to);
  }
  #take(events) {
    for (const event of events) {
      if (event.t === "log") this.#place(event.at, bytesOf(event.d));
      else if (event.t === "resync") {
        this.bytes.reset(0);
        this.state = "live";
        this.version++;
      } else if (event.t === "end") this.#end(event.bytes);
      else if (event.t === "gone") this.state = "gone";
    }
    this.#tell();
  }
  #place(at, data) {
    if (at > this.bytes.to) this.#follow(); // something was missed: from the place where it was
    else this.bytes.append(data.subarray(this.bytes.to - at));
  }
  async #end(size) {
    this.state = "ended";
    try {
      this.#learn((await this.#get(`offset=${size}&limit=1`)).headers);
      this.#tell();
    } catch {
      // the facts come with the next opening
    }
  }
  #tell() {
    for (const listener of this.#listeners) listener();
  }
}

const sources = () => (globalThis.__openviberLogs ??= new Map());

/** Return a log and the function that lets go of it. */
export function openLog(execution, href) {
  const all = sources();
  let entry = all.get(execution);
  if (!entry) {
    entry = { source: new LogSource(execution, href), users: 0, timer: 0 };
    all.set(execution, entry);
    entry.source.open();
  }
  entry.users++;
  clearTimeout(entry.timer);
  const release = () => {
    if (--entry.users) return;
    entry.timer = setTimeout(() => {
      all.delete(execution);
      entry.source.close();
    }, KEPT_MS);
  };
  return [entry.source, release];
}
