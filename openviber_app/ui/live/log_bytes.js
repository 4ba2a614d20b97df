// The bytes of a log as they are, in chunks, with the place where each line ends: no object a line.
//
// Lines have numbers that stay when earlier bytes are put before them: 0 is the first line end that
// was ever loaded, what lies before it is negative. Line n is what ends with line end n; the line
// `endLine` has no end yet. Only a contiguous range of the log is held, `from` to `to`.
const CHUNK = 512 * 1024;
const NEWLINE = 10;
const LONGEST = 16 * 1024; // bytes of one line that are shown

const endsOf = (bytes, from = 0) => {
  const found = [];
  for (let at = bytes.indexOf(NEWLINE, from); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) found.push(at);
  return found;
};

export class LogBytes {
  constructor(at = 0) {
    this.reset(at);
  }
  /** Forget everything; the next bytes begin at this offset of the log. */
  reset(at) {
    this.from = this.to = at;
    this.chunks = []; // { at, buffer, size, ends, base }: `base` is the line of the first end
    this.endLine = 0;
  }
  /** The first line of which all bytes are here. */
  get firstLine() {
    return this.chunks.length ? this.chunks[0].base + (this.from > 0 ? 1 : 0) : 0;
  }
  /** Whether there are bytes after the last line end. */
  get hasOpenLine() {
    return this.to > this.startOf(this.endLine);
  }
  /** How many whole lines are here, the open one included. */
  get count() {
    return Math.max(0, this.endLine - this.firstLine + (this.hasOpenLine ? 1 : 0));
  }
  /** Put bytes after what is here. */
  append(bytes) {
    while (bytes.length) {
      let chunk = this.chunks.at(-1);
      if (!chunk || chunk.isSealed || chunk.size >= CHUNK) {
        chunk = { at: this.to, buffer: new Uint8Array(Math.min(CHUNK, Math.max(4096, bytes.length))), size: 0, ends: [], base: this.endLine };
        this.chunks.push(chunk);
      }
      const part = bytes.subarray(0, CHUNK - chunk.size);
      if (chunk.size + part.length > chunk.buffer.length) {
        const larger = new Uint8Array(Math.min(CHUNK, 2 * (chunk.size + part.length)));
        larger.set(chunk.buffer.subarray(0, chunk.size));
        chunk.buffer = larger;
      }
      chunk.buffer.set(part, chunk.size);
      const ends = endsOf(part);
      for (const end of ends) chunk.ends.push(chunk.size + end);
      chunk.size += part.length;
      if (chunk.size === CHUNK) chunk.ends = Uint32Array.from(chunk.ends);
      this.endLine += ends.length;
      this.to += part.length;
      bytes = bytes.subarray(part.length);
    }
  }
  /** Put the bytes before what is here. */
  prepend(bytes) {
    if (!bytes.length) return;
    const ends = Uint32Array.from(endsOf(bytes));
    const base = (this.chunks.length ? this.chunks[0].base : 0) - ends.length;
    this.from -= bytes.length;
    this.chunks.unshift({ at: this.from, buffer: bytes, size: bytes.length, ends, base, isSealed: true });
  }
  /** The bytes of a line without its end; `missing` counts those that are not shown. */
  line(n) {
    const start = this.startOf(n);
    const end = n === this.endLine ? this.to : this.#end(n);
    if (end - start <= LONGEST) return { bytes: this.range(start, end), missing: 0 };
    const last = this.range(end - LONGEST, end); // a progress bar shows what it came to
    const bytes = last.includes(13) ? last : this.range(start, start + LONGEST);
    return { bytes, missing: end - start - LONGEST };
  }
  /** Where a line begins. */
  startOf(n) {
    const first = this.chunks[0];
    return !first || n <= first.base ? this.from : this.#end(n - 1) + 1;
  }
  /** The bytes between two offsets. */
  range(from, to) {
    let at = this.#search((chunk) => chunk.at + chunk.size > from);
    const first = this.chunks[at];
    if (!first || from >= to) return new Uint8Array(0);
    if (to <= first.at + first.size) return first.buffer.subarray(from - first.at, to - first.at);
    const whole = new Uint8Array(to - from);
    for (; at < this.chunks.length && this.chunks[at].at < to; at++) {
      const { at: begins, buffer, size } = this.chunks[at];
      const part = buffer.subarray(Math.max(0, from - begins), Math.min(size, to - begins));
      whole.set(part, Math.max(0, begins - from));
    }
    return whole;
  }
  /** The place in `chunks` of the one that a line ends in. */
  chunkOf(n) {
    return this.#search((chunk) => chunk.base + chunk.ends.length > n);
  }
  #end(n) {
    const chunk = this.chunks[this.chunkOf(n)];
    return chunk.at + chunk.ends[n - chunk.base];
  }
  #search(isThere) {
    let low = 0;
    let high = this.chunks.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (isThere(this.chunks[middle])) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
