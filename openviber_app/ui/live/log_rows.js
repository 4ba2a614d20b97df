// How high the lines of a log are, in rows: all 1, or more where long lines are wrapped.
// A wrapped line is guessed from its length first and corrected once it was seen.
const MOST = 65_535;

export class LogRows {
  columns = 0; // 0: lines are not wrapped

  constructor(source) {
    this.source = source;
  }
  /** Rows in the place of lines that are not loaded: counted if the log's writer told, else guessed. */
  get head() {
    const { bytes, facts } = this.source;
    if (!bytes.from) return 0;
    if (facts.lines !== null) return Math.max(1, facts.lines - bytes.count);
    const each = (bytes.to - bytes.from) / Math.max(1, bytes.count);
    return Math.max(1, Math.round(bytes.from / each));
  }
  get total() {
    const { bytes } = this.source;
    let rows = this.head + (bytes.hasOpenLine ? this.#openRows() : 0);
    bytes.chunks.forEach((chunk, n) => {
      rows += this.#rowsOf(chunk, n);
    });
    return rows;
  }
  /** The line that covers a row, with the row where it begins. */
  find(row) {
    const { bytes } = this.source;
    let at = this.head;
    if (row < at) return { line: bytes.firstLine, row: at };
    for (let n = 0; n < bytes.chunks.length; n++) {
      const chunk = bytes.chunks[n];
      const rows = this.#rowsOf(chunk, n);
      if (row >= at + rows) {
        at += rows;
        continue;
      }
      const skipped = this.#skipped(n);
      if (!this.columns) return { line: chunk.base + skipped + (row - at), row };
      let line = skipped;
      while (line < chunk.ends.length - 1 && row >= at + chunk.rows[line]) at += chunk.rows[line++];
      return { line: chunk.base + line, row: at };
    }
    if (bytes.hasOpenLine || bytes.endLine === bytes.firstLine) return { line: bytes.endLine, row: at };
    const last = bytes.endLine - 1;
    return { line: last, row: at - this.heightOf(last) };
  }
  /** The row where a line begins. */
  top(line) {
    const { bytes } = this.source;
    let at = this.head;
    for (let n = 0; n < bytes.chunks.length; n++) {
      const chunk = bytes.chunks[n];
      const rows = this.#rowsOf(chunk, n);
      if (line >= chunk.base + chunk.ends.length) {
        at += rows;
        continue;
      }
      const skipped = this.#skipped(n);
      if (!this.columns) return at + Math.max(0, line - chunk.base - skipped);
      for (let before = skipped; before < line - chunk.base; before++) at += chunk.rows[before];
      return at;
    }
    return at;
  }
  heightOf(line) {
    const { bytes } = this.source;
    if (!this.columns) return 1;
    if (line === bytes.endLine) return this.#openRows();
    const n = bytes.chunkOf(line);
    this.#rowsOf(bytes.chunks[n], n);
    return bytes.chunks[n].rows[line - bytes.chunks[n].base];
  }
  /** Correct the height of a line; returns by how much it differs. */
  correct(line, rows) {
    const { bytes } = this.source;
    if (!this.columns || line === bytes.endLine) return 0;
    const chunk = bytes.chunks[bytes.chunkOf(line)];
    const height = Math.min(MOST, Math.max(1, rows));
    const more = height - chunk.rows[line - chunk.base];
    chunk.rows[line - chunk.base] = height;
    chunk.rowTotal += more;
    return more;
  }

  #skipped(n) {
    return n === 0 && this.source.bytes.from > 0 ? 1 : 0; // the end of a line that began earlier
  }
  #rowsOf(chunk, n) {
    const count = Math.max(0, chunk.ends.length - this.#skipped(n));
    if (!this.columns || !count) return count;
    if (chunk.columns !== this.columns) {
      chunk.columns = this.columns;
      chunk.rows = [];
      chunk.rowTotal = 0;
    }
    for (let line = chunk.rows.length; line < chunk.ends.length; line++) {
      const start = line ? chunk.ends[line - 1] + 1 : this.source.bytes.startOf(chunk.base) - chunk.at;
      chunk.rows.push(this.#guess(chunk.ends[line] - start));
      chunk.rowTotal += chunk.rows[line];
    }
    return chunk.rowTotal - (this.#skipped(n) ? chunk.rows[0] : 0);
  }
  #openRows() {
    const { bytes } = this.source;
    return this.columns ? this.#guess(bytes.to - bytes.startOf(bytes.endLine)) : 1;
  }
  #guess(length) {
    return Math.min(MOST, Math.max(1, Math.ceil(Math.min(length, 16_384) / this.columns)));
  }
}
