// Finds words in all of a log, chunk by chunk, so that the page goes on meanwhile.
import { decode, plainLines } from "./log_text.js";

const SLICE_MS = 12;
const MOST = 100_000;

const pause = () => new Promise((done) => setTimeout(done));

/** Where `words` (in small letters) occur: the number of the line for each place, in order. */
export const linesWith = (text, words, firstLine) => {
  const found = [];
  const small = text.toLowerCase();
  let line = firstLine;
  let from = 0;
  for (let at = small.indexOf(words); at >= 0; at = small.indexOf(words, at + words.length)) {
    for (let end = small.indexOf("\n", from); end >= 0 && end < at; end = small.indexOf("\n", from)) {
      line++;
      from = end + 1;
    }
    found.push(line);
    if (found.length >= MOST) break;
  }
  return found;
};

export class LogSearch {
  words = "";
  isBusy = false;
  #found = new Map(); // chunk -> { key, lines }
  #run = 0;

  constructor(source, onChange) {
    this.source = source;
    this.onChange = onChange;
  }
  /** Look for other words; none ends the search. */
  set(words) {
    this.words = words.toLowerCase();
    this.#found.clear();
    return this.update();
  }
  /** Look at what came since; the part that is not loaded yet is loaded for it. */
  async update() {
    const run = ++this.#run;
    const isOld = () => run !== this.#run || this.source.isClosed;
    if (!this.words) {
      this.isBusy = false;
      this.onChange();
      return;
    }
    this.isBusy = true;
    await this.#scan(isOld);
    while (!isOld() && this.source.bytes.from > 0) {
      this.onChange();
      const before = this.source.bytes.from;
      await this.source.loadEarlier(true);
      if (isOld() || this.source.bytes.from === before) break;
      await this.#scan(isOld);
    }
    if (isOld()) return;
    this.isBusy = false;
    this.onChange();
  }
  get count() {
    let all = 0;
    for (const chunk of this.source.bytes.chunks) all += this.#found.get(chunk)?.lines.length ?? 0;
    return all;
  }
  /** The line of the place `n`, and which place of that line it is. */
  place(n) {
    for (const chunk of this.source.bytes.chunks) {
      const lines = this.#found.get(chunk)?.lines ?? [];
      if (n >= lines.length) {
        n -= lines.length;
        continue;
      }
      let nth = 0;
      while (n - nth > 0 && lines[n - nth - 1] === lines[n]) nth++;
      return { line: lines[n], nth };
    }
    return null;
  }
  /** The number of a place; earlier ones that are found later move it. */
  numberOf({ line, nth }) {
    return this.firstFrom(line) + nth;
  }
  /** The number of the first place at or after a line. */
  firstFrom(line) {
    let before = 0;
    for (const chunk of this.source.bytes.chunks) {
      const lines = this.#found.get(chunk)?.lines ?? [];
      const here = lines.findIndex((one) => one >= line);
      if (here >= 0) return before + here;
      before += lines.length;
    }
    return 0;
  }

  async #scan(isOld) {
    const { bytes } = this.source;
    let until = performance.now() + SLICE_MS;
    for (const chunk of [...bytes.chunks].reverse()) {
      if (isOld()) return;
      const isFirst = chunk === bytes.chunks[0];
      const isLast = chunk === bytes.chunks.at(-1);
      const key = `${chunk.size}:${isFirst && bytes.from > 0}:${isLast}`;
      if (this.#found.get(chunk)?.key === key) continue;
      const first = Math.max(bytes.firstLine, chunk.base);
      const end = isLast ? bytes.to : bytes.startOf(chunk.base + chunk.ends.length);
      const text = plainLines(decode(bytes.range(bytes.startOf(first), end)));
      this.#found.set(chunk, { key, lines: linesWith(text, this.words, first) });
      if (performance.now() < until) continue;
      this.onChange();
      await pause();
      until = performance.now() + SLICE_MS;
    }
  }
}
