// What the bytes of a log's line say: plain words, and words with a terminal's colours.
// Sequences begin with ESC or, in one character, with a C1 control; strings (titles, links, the
// clipboard) end with BEL or ST. Nothing of them is obeyed: only colours and bold are shown.
const STRING = /(?:\x1b[PX\]^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)/;
const ANY_OTHER = /\x1b[@-Z\\-_]/;
const sequences = (csi) => new RegExp(`${csi.source}|${STRING.source}|${ANY_OTHER.source}`, "g");
const ESCAPES = sequences(/(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]/);
const OTHER_ESCAPES = sequences(/(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-ln-~]/);
const COLOURS = /(?:\x1b\[|\x9b)([0-9;:]*)m/g;
const UNFINISHED =
  /(?:(?:\x1b\[|\x9b)[0-?]*[ -/]*|(?:\x1b[PX\]^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c]*\x1b?|\x1b)$/;
// With C1, and what turns the direction of writing: it makes words look like others.
const CONTROL = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
const SPECIAL = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]/;
const decoder = new TextDecoder();

export const bytesOf = (base64) => {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let n = 0; n < text.length; n++) bytes[n] = text.charCodeAt(n);
  return bytes;
};

export const decode = (bytes) => decoder.decode(bytes);

/** A line that is still being written may end within a character or an escape. */
export const withoutUnfinished = (line) => line.replace(UNFINISHED, "").replace(/\uFFFD+$/, "");

/** What a terminal would show of a line that moves its cursor back to the start. */
const settled = (line) => {
  const end = line.replace(/\r+$/, "");
  return end.slice(end.lastIndexOf("\r") + 1);
};

/** A line as plain text. */
export const plain = (line) =>
  SPECIAL.test(line) ? settled(line.replace(ESCAPES, "")).replace(CONTROL, "") : line;

/** Many lines as plain text. */
export const plainLines = (text) => (SPECIAL.test(text) ? text.split("\n").map(plain).join("\n") : text);

const painted = (paint, codes) => {
  const numbers = codes.split(/[;:]/).map(Number);
  for (let n = 0; n < numbers.length; n++) {
    const code = numbers[n];
    if (code === 0) paint = { colour: -1, isBold: false };
    else if (code === 1) paint = { ...paint, isBold: true };
    else if (code === 22) paint = { ...paint, isBold: false };
    else if (code === 39) paint = { ...paint, colour: -1 };
    else if (code >= 30 && code <= 37) paint = { ...paint, colour: code - 30 };
    else if (code >= 90 && code <= 97) paint = { ...paint, colour: code - 82 };
    else if (code === 38 || code === 48) {
      const isKnown = numbers[n + 1] === 5 && numbers[n + 2] < 16; // others would need a palette
      if (code === 38) paint = { ...paint, colour: isKnown ? numbers[n + 2] : -1 };
      n += numbers[n + 1] === 5 ? 2 : numbers[n + 1] === 2 ? 4 : 0;
    }
  }
  return paint;
};

/** A line as pieces `{text, colour (-1, 0 to 15), isBold}`: the 16 colours of a terminal. */
export const pieces = (line) => {
  if (!SPECIAL.test(line)) return [{ text: line, colour: -1, isBold: false }];
  const shown = settled(line.replace(OTHER_ESCAPES, ""));
  const found = [];
  let paint = { colour: -1, isBold: false };
  let from = 0;
  const add = (text) => {
    const words = text.replace(CONTROL, "");
    if (words) found.push({ text: words, ...paint });
  };
  for (const match of shown.matchAll(COLOURS)) {
    add(shown.slice(from, match.index));
    paint = painted(paint, match[1]);
    from = match.index + match[0].length;
  }
  add(shown.slice(from));
  return found;
};
