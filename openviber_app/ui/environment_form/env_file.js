// What a .env file says, and which of its names somebody would rather keep secret.
const LINE = /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=\s*/;
const SECRET_NAME =
  /(SECRET|TOKEN|PASSWORD|PASSWD|PASSPHRASE|PRIVATE|CREDENTIAL|API_?KEY|ACCESS_?KEY|(^|_)(PWD|PASS|KEY|AUTH|DSN|PAT)$)/i;
const WITH_PASSWORD = /:\/\/[^/\s:@]+:[^/\s@]+@/;
const KNOWN_TOKEN = /^(gh[pousr]_|github_pat_|glpat-|sk[-_]|xox[abp]-|AKIA|-----BEGIN [A-Z ]*PRIVATE KEY)/;
const ESCAPES = { n: "\n", r: "\r", t: "\t" };

/** Whether a name or a value looks like a secret's. */
export const looksSecret = (key, value = "") =>
  SECRET_NAME.test(key) || WITH_PASSWORD.test(value) || KNOWN_TOKEN.test(value.trim());

const quoted = (text, quote) => {
  let value = "";
  for (let at = 1; at < text.length; at++) {
    if (text[at] === quote) return { value, length: at + 1 };
    if (quote === '"' && text[at] === "\\" && at + 1 < text.length) {
      at += 1;
      value += ESCAPES[text[at]] ?? ('"\\$`'.includes(text[at]) ? text[at] : `\\${text[at]}`);
    } else value += text[at];
  }
  return null; // it never ends: take it as it stands
};

/** Return `{ rows: [{ key, value }], skipped }`; a name that comes twice keeps its last value. */
export function readEnvFile(text) {
  const found = new Map();
  let rest = text.replace(/^\uFEFF/, "").replace(/\r\n?/g, "\n");
  let skipped = 0;
  while (rest) {
    const match = LINE.exec(rest.split("\n", 1)[0]);
    let length = rest.indexOf("\n") < 0 ? rest.length : rest.indexOf("\n") + 1;
    if (match) {
      const after = rest.slice(match[0].length);
      const string = "\"'".includes(after[0] || " ") ? quoted(after, after[0]) : null;
      const line = after.split("\n", 1)[0];
      found.delete(match[1]);
      found.set(match[1], string ? string.value : line.replace(/(^|\s)#.*$/, "").trim());
      if (string) {
        const end = rest.indexOf("\n", match[0].length + string.length);
        length = end < 0 ? rest.length : end + 1;
      }
    } else if (rest.slice(0, length).trim() && !/^\s*#/.test(rest)) skipped += 1;
    rest = rest.slice(length);
  }
  return { rows: [...found].map(([key, value]) => ({ key, value })), skipped };
}

/** Whether pasted text is more than one field's: `NAME=value`, or lines that begin with one. */
export function isEnvFile(text, isName) {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() && !/^\s*#/.test(line));
  return lines.length > 0 && LINE.test(lines[0]) && (isName || lines.length > 1);
}
