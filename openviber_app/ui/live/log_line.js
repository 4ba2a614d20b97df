// One line of a log as an element: its number, its colours, the places that a search found.
import { decode, pieces, withoutUnfinished } from "./log_text.js";
import { maskOf, partsOf } from "./redacted.js";

const placesIn = (text, words) => {
  const small = text.toLowerCase();
  const places = [];
  for (let at = small.indexOf(words); at >= 0; at = small.indexOf(words, at + words.length)) places.push(at);
  return places;
};

/** The part of a line that begins at `offset`, as text and marks. */
const marked = (text, offset, { places, size, current }) => {
  const nodes = [];
  let from = 0;
  for (const at of places) {
    const begins = Math.max(0, at - offset);
    const ends = Math.min(text.length, at + size - offset);
    if (ends <= from || begins >= text.length) continue;
    if (begins > from) nodes.push(text.slice(from, begins));
    const mark = document.createElement("mark");
    mark.textContent = text.slice(begins, ends);
    if (at === current) mark.className = "is-current";
    nodes.push(mark);
    from = ends;
  }
  nodes.push(text.slice(from));
  return nodes;
};

/** The same with its masks: a place that was found lies inside of one, or goes on behind it. */
const drawn = (text, offset, marks) =>
  partsOf(text).flatMap((part, n) => {
    const nodes = marked(part, offset, marks);
    offset += part.length;
    return n % 2 ? maskOf(nodes) : nodes;
  });

const spanOf = ({ colour, isBold }) => {
  const span = document.createElement("span");
  if (colour >= 0) span.dataset.c = colour;
  if (isBold) span.className = "is-bold";
  return span;
};

/** The number of a line, if it is known how many are before those that are loaded. */
const numberOf = ({ bytes, facts }, line) => {
  if (bytes.from && facts.lines === null) return "";
  const before = bytes.from ? facts.lines - bytes.count : 0;
  return before + line - bytes.firstLine + 1;
};

/** Make the element of a line; `words` (in small letters) are marked, `current` is one place. */
export function drawLine(source, line, { words, current }) {
  const { bytes, missing } = source.bytes.line(line);
  const text = decode(bytes);
  const found = pieces(line === source.bytes.endLine ? withoutUnfinished(text) : text);
  const places = words ? placesIn(found.map((piece) => piece.text).join(""), words) : [];
  const marks = { places, size: words.length, current: current?.line === line ? places[current.nth] : -1 };
  const node = document.createElement("div");
  node.className = "log-line";
  node.dataset.n = numberOf(source, line);
  let offset = 0;
  for (const piece of found) {
    const nodes = drawn(piece.text, offset, marks);
    offset += piece.text.length;
    if (piece.colour < 0 && !piece.isBold) {
      node.append(...nodes);
      continue;
    }
    const span = spanOf(piece);
    span.append(...nodes);
    node.append(span);
  }
  if (missing) {
    const rest = document.createElement("span");
    rest.className = "log-rest";
    rest.textContent = ` … ${missing.toLocaleString()} more bytes in this line: download to see them`;
    node.append(rest);
  }
  return node;
}
