// Reads the small part of Markdown that agents write. It gives a tree of plain values, never HTML:
// whatever is not understood stays the text that it was.
const FENCE = /^(`{3,}|~{3,})\s*([\w+-]*)\s*$/;
const BULLET = /^\s{0,3}[-*+]\s+(.*)$/;
const NUMBER = /^\s{0,3}(\d{1,9})[.)]\s+(.*)$/;
const HEADING = /^(#{1,6})\s+(.*?)\s*#*$/;
// every repetition has a bound: a text of a megabyte must not hold the page up; a mask's brackets are no link's
const INLINE =
  /(?<!`)(`{1,4})(?!`)([^`](?:[\s\S]{0,4000}?[^`])?)\1(?!`)|\[(?!REDACTED\])((?:\[REDACTED\]|[^\]\n]){1,500})\]\(([^()\s]{1,2000}(?:\([^()\s]{0,200}\)[^()\s]{0,200})?)\)|\*\*([^\s*][^\n]{0,2000}?)\*\*|(?<![\w*])\*([^*\s][^*\n]{0,2000})\*(?![\w*])|(https?:\/\/[^\s<>"'`]{0,2000}[^\s<>"'`.,;:!?)\]])/g;

/** An address that a page may lead to, or null. */
export const safeHref = (text) => {
  try {
    const url = new URL(text);
    return url.protocol === "http:" || url.protocol === "https:" ? url.href : null;
  } catch {
    return null;
  }
};

export function inline(text) {
  const parts = [];
  let at = 0;
  const plain = (value) => {
    if (!value) return;
    if (parts.at(-1)?.t === "text") parts.at(-1).text += value;
    else parts.push({ t: "text", text: value });
  };
  for (const match of text.matchAll(INLINE)) {
    plain(text.slice(at, match.index));
    at = match.index + match[0].length;
    const [all, , code, label, target, strong, em, bare] = match;
    const href = target ? safeHref(target) : bare ? safeHref(bare) : null;
    if (code !== undefined) parts.push({ t: "code", text: code.replace(/^ (.*) $/s, "$1") });
    else if (strong !== undefined) parts.push({ t: "strong", text: strong });
    else if (em !== undefined) parts.push({ t: "em", text: em });
    else if (href) parts.push({ t: "link", href, text: label ?? bare });
    else plain(all);
  }
  plain(text.slice(at));
  return parts;
}

/** Blocks: paragraphs, headings, fenced code and lists of one level. */
export function parse(text) {
  const blocks = [];
  const lines = text.replace(/\r\n?/g, "\n").split("\n");
  let paragraph = [];
  const end = () => {
    if (paragraph.length) blocks.push({ t: "p", parts: inline(paragraph.join("\n")) });
    paragraph = [];
  };
  for (let n = 0; n < lines.length; n++) {
    const line = lines[n];
    const fence = FENCE.exec(line);
    const bullet = BULLET.exec(line);
    const number = NUMBER.exec(line);
    const heading = HEADING.exec(line);
    if (fence) {
      end();
      const code = [];
      while (++n < lines.length && !lines[n].startsWith(fence[1])) code.push(lines[n]);
      blocks.push({ t: "pre", text: code.join("\n"), language: fence[2] });
    } else if (bullet || number) {
      end();
      const t = bullet ? "ul" : "ol";
      const last = blocks.at(-1);
      const list = last?.t === t && lines[n - 1]?.trim() ? last : { t, items: [], start: number ? +number[1] : 1 };
      if (list !== last) blocks.push(list);
      list.items.push(inline(bullet ? bullet[1] : number[2]));
    } else if (heading) {
      end();
      blocks.push({ t: "h", parts: inline(heading[2]) });
    } else if (line.trim()) paragraph.push(line);
    else end();
  }
  end();
  return blocks;
}
