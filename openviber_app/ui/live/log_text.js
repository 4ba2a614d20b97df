// Turns the bytes of a log into lines of plain text, whatever the chunks were.
const ESCAPES = /\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])/g;
const UNFINISHED = /\x1b(?:\[[0-?]*[ -/]*|\][^\x07\x1b]*)?$/;
const CONTROL = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]/g;
const MAX_OPEN = 65_536; // a line longer than this is shown in pieces

export const bytesOf = (base64) => Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));

/** What a terminal would show of a line that moves its cursor back to the start. */
const settled = (line) => {
  const text = line.replace(ESCAPES, "").replace(/\r+$/, "");
  return text.slice(text.lastIndexOf("\r") + 1).replace(CONTROL, "");
};

/** `take(bytes)` gives the lines that ended; `open()` the one that has not. */
export function createLineReader() {
  const decoder = new TextDecoder();
  let rest = "";
  return {
    take(bytes) {
      rest += decoder.decode(bytes, { stream: true });
      const lines = rest.split("\n");
      rest = lines.pop();
      if (rest.length > MAX_OPEN) {
        lines.push(rest);
        rest = "";
      }
      return lines.map(settled);
    },
    open() {
      return settled(rest.replace(UNFINISHED, ""));
    },
  };
}
