// Shows the lines of a log that are in sight, and follows its end. The page holds no other line.
import { drawLine } from "./log_line.js";
import { LogRows } from "./log_rows.js";

const ROW = 18; // pixels, as in log.css
const BEYOND = 24; // rows above and below what is in sight
const TALLEST = 12_000_000; // pixels; browsers end near 16 million: the scale shrinks from there on
const GUTTER = 3; // letters beside a line's number
const END = 12; // pixels after a line

const element = (className) => Object.assign(document.createElement("div"), { className });

export class LogPane {
  follows = true;
  words = "";
  current = null; // { line, nth } of the search
  #frame = 0;
  #lines = new Map(); // line -> element
  #first = 0;
  #widest = 0;
  #top = 0;
  #version = -1;
  #anchor = null;

  constructor(host, source, onFollow) {
    Object.assign(this, { host, source, onFollow });
    this.rows = new LogRows(source);
    this.space = host.appendChild(element("log-space"));
    this.layer = this.space.appendChild(element("log-lines"));
    this.draw = () => (this.#frame ||= requestAnimationFrame(this.#show));
    this.onScroll = () => {
      const top = host.scrollTop;
      const isAtEnd = host.scrollHeight - top - host.clientHeight < ROW;
      if (isAtEnd || top < this.#top - 1) this.follow(isAtEnd);
      this.#top = top;
      this.draw();
    };
    host.addEventListener("scroll", this.onScroll, { passive: true });
    this.sized = new ResizeObserver(() => {
      this.#measure();
      this.draw();
    });
    this.sized.observe(host);
    // the first lines are there at once, what follows once a frame
    this.off = source.listen(() => (this.#lines.size ? this.draw() : this.show()));
  }
  close() {
    this.off();
    this.sized.disconnect();
    this.host.removeEventListener("scroll", this.onScroll);
    cancelAnimationFrame(this.#frame);
    this.space.remove();
  }
  follow(wanted) {
    if (this.follows === wanted) return;
    this.follows = wanted;
    this.onFollow(wanted);
    if (wanted) this.draw();
  }
  wrap(wanted) {
    this.isWrapped = wanted;
    this.host.dataset.wrap = wanted;
    this.#measure();
    this.redraw();
  }
  /** Draw what is in sight, now. */
  show() {
    cancelAnimationFrame(this.#frame);
    this.#show();
  }
  /** Draw every line anew, with the marks of a search. */
  redraw() {
    this.#clear();
    this.draw();
  }
  /** Bring a line into the middle of what is in sight. */
  reveal(line) {
    this.follow(false);
    const middle = Math.max(0, this.rows.top(line) * ROW - this.host.clientHeight / 2 + ROW);
    this.#scrollTo(middle);
    this.#settle();
    this.draw();
  }
  get topLine() {
    return this.rows.find(Math.floor(this.#virtualTop() / ROW)).line;
  }

  #clear() {
    this.#lines.clear();
    this.layer.replaceChildren();
  }
  #measure() {
    const probe = element("log-line");
    probe.textContent = "0".repeat(100);
    probe.style.cssText = "position:absolute;visibility:hidden;white-space:pre;padding:0";
    this.layer.append(probe);
    const letter = probe.getBoundingClientRect().width / 100;
    probe.remove();
    const room = this.host.clientWidth - END - letter * (this.#digits() + GUTTER);
    const columns = this.isWrapped && letter ? Math.max(10, Math.floor(room / letter)) : 0;
    if (columns === this.rows.columns) return;
    const { line } = this.rows.find(Math.floor(this.#virtualTop() / ROW));
    this.rows.columns = columns;
    if (!this.follows) this.#scrollTo(this.rows.top(line) * ROW);
    this.#settle();
  }
  #digits() {
    const { bytes, facts } = this.source;
    return Math.max(3, String(bytes.from ? (facts.lines ?? 0) : bytes.count).length);
  }
  #height() {
    return this.rows.total * ROW;
  }
  /** How many pixels of the log one pixel of the scroll bar is. */
  #scale() {
    const seen = this.host.clientHeight;
    const height = this.#height();
    return height > TALLEST ? (height - seen) / (TALLEST - seen) : 1;
  }
  #virtualTop() {
    return Math.max(0, this.host.scrollTop * this.#scale());
  }
  #scrollTo(virtual) {
    this.space.style.height = `${Math.min(TALLEST, this.#height())}px`;
    this.host.scrollTop = virtual / this.#scale();
    this.#top = this.host.scrollTop;
  }
  /** What is in sight is where it belongs: lines that came earlier do not move it once more. */
  #settle() {
    this.#version = this.source.version;
    this.#anchor = null;
    this.#clear();
  }
  #show = () => {
    this.#frame = 0;
    const { host, rows, source } = this;
    if (!host.clientHeight && !host.isConnected) return;
    if (source.version !== this.#version) {
      this.#version = source.version;
      this.#clear();
      const anchor = this.#anchor;
      const moved = anchor && anchor.line >= source.bytes.firstLine ? rows.top(anchor.line) - anchor.row : 0;
      if (moved && !this.follows) this.#scrollTo(this.#virtualTop() + moved * ROW);
    }
    host.style.setProperty("--digits", this.#digits());
    this.space.style.height = `${Math.min(TALLEST, this.#height())}px`;
    if (this.follows) {
      host.scrollTop = host.scrollHeight;
      this.#top = host.scrollTop;
    }
    const top = this.#virtualTop();
    const seen = Math.ceil(host.clientHeight / ROW);
    const row = Math.floor(top / ROW);
    const from = rows.find(Math.max(0, row - BEYOND)).line;
    const until = rows.find(row + seen + BEYOND).line;
    this.#place(Math.max(from, source.bytes.firstLine), until);
    this.#shift(top);
    if (rows.columns && this.#correct(row)) this.draw();
    const isInHead = source.bytes.from > 0 && row - BEYOND < rows.head;
    this.#anchor = row < rows.head ? null : rows.find(row);
    if (isInHead && !this.follows) source.loadEarlier(row + seen < rows.head);
  };
  /** Have exactly the lines from `from` to `until` in the page. */
  #place(from, until) {
    const { bytes } = this.source;
    const last = bytes.hasOpenLine ? bytes.endLine : bytes.endLine - 1;
    const end = Math.min(until, last);
    for (const [line, node] of this.#lines)
      if (line < from || line > end || line === this.open) {
        node.remove();
        this.#lines.delete(line);
      }
    this.open = bytes.hasOpenLine ? bytes.endLine : null;
    let next = this.layer.firstChild;
    for (let line = from; line <= end; line++) {
      let node = this.#lines.get(line);
      if (!node) {
        node = drawLine(this.source, line, this);
        this.#lines.set(line, node);
        this.layer.insertBefore(node, next);
      }
      next = node.nextSibling;
    }
    this.#first = from;
    if (this.rows.columns) this.layer.style.minWidth = "";
    else {
      this.#widest = Math.max(this.#widest, this.layer.scrollWidth);
      this.layer.style.minWidth = `${this.#widest}px`;
    }
  }
  #shift(top) {
    const above = this.rows.top(this.#first) * ROW;
    this.layer.style.transform = `translateY(${this.host.scrollTop - (top - above)}px)`;
  }
  /** Learn the true heights of what is shown; says whether the page has to be drawn again. */
  #correct(topRow) {
    let above = 0;
    let changed = 0;
    const topLine = this.rows.find(topRow).line;
    for (const [line, node] of this.#lines) {
      const more = this.rows.correct(line, Math.round(node.offsetHeight / ROW));
      changed += Math.abs(more);
      if (line < topLine) above += more;
    }
    if (above && !this.follows) this.#scrollTo(this.#virtualTop() + above * ROW);
    return changed > 0;
  }
}
