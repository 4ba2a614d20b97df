import { jsx } from "@emotion/react";
import { useLayoutEffect, useRef } from "react";
import { Field, useProblem } from "./fields.jsx";

const INDENT = "  ";
const LINES_MIN = 4;
const LINES_MAX = 24;
const WORST = { info: 0, warning: 1, error: 2 };

/** Put text in place of the selection so that the browser can undo it. */
const insert = (box, text) => {
  if (!document.execCommand("insertText", false, text)) box.setRangeText(text, box.selectionStart, box.selectionEnd, "end");
};

const indent = (box, isBack) => {
  const { value, selectionStart, selectionEnd } = box;
  const start = value.lastIndexOf("\n", selectionStart - 1) + 1;
  const isMany = value.slice(selectionStart, selectionEnd).includes("\n");
  if (!isBack && !isMany) return insert(box, INDENT);
  const lines = value.slice(start, selectionEnd).split("\n");
  const moved = lines.map((line) => (isBack ? line.replace(/^( {1,2}|\t)/, "") : line && INDENT + line)).join("\n");
  box.setSelectionRange(start, selectionEnd);
  insert(box, moved);
  box.setSelectionRange(isMany ? start : start + moved.length, start + moved.length);
};

/** A script with line numbers; `findings` are marked at their lines and said below. */
export function ScriptEditor({ id, label, help, optional, value, onChange, findings = [], placeholder, lines = LINES_MIN }) {
  const { attributes, clear } = useProblem(id, true);
  const box = useRef(null);
  const gutter = useRef(null);
  const isLeaving = useRef(false);
  const count = Math.max(1, value.split("\n").length);
  const shown = Math.min(LINES_MAX, Math.max(lines, count));
  const worst = new Map();
  for (const { line, level } of findings) {
    if (!worst.has(line) || WORST[level] > WORST[worst.get(line)]) worst.set(line, level);
  }
  useLayoutEffect(() => {
    gutter.current.scrollTop = box.current.scrollTop;
  }, [value]);
  const pressed = (event) => {
    if (event.key === "Escape") {
      isLeaving.current = true;
      event.stopPropagation();
      return;
    }
    if (event.key === "Tab" && !isLeaving.current && !event.ctrlKey && !event.altKey && !event.metaKey) {
      event.preventDefault();
      indent(box.current, event.shiftKey);
      return;
    }
    if (event.key !== "Tab" && event.key !== "Shift") isLeaving.current = false;
  };
  const numbers = Array.from({ length: count }, (_, at) =>
    jsx("div", { key: at, "data-level": worst.get(at + 1) }, at + 1),
  );
  return jsx(
    Field,
    { id, label, optional, help: `${help} Tab indents; Escape, then Tab leaves the field.` },
    jsx(
      "div",
      { className: "form-script", "data-invalid": Boolean(attributes["aria-invalid"]), style: { "--lines": shown } },
      jsx("div", { ref: gutter, className: "form-gutter", "aria-hidden": true }, numbers),
      jsx("textarea", {
        ...attributes,
        ref: box,
        name: id,
        className: "form-script-text",
        value,
        placeholder,
        wrap: "off",
        spellCheck: false,
        autoCapitalize: "off",
        autoComplete: "off",
        onKeyDown: pressed,
        onFocus: () => (isLeaving.current = false),
        onScroll: () => (gutter.current.scrollTop = box.current.scrollTop),
        onChange: (event) => {
          clear();
          onChange(event.target.value);
        },
      }),
    ),
    findings.length > 0 &&
      jsx(
        "ul",
        { className: "form-findings", "aria-label": `Findings in: ${label}` },
        findings.map((found, at) =>
          jsx(
            "li",
            { key: at, "data-level": found.level },
            `line ${found.line}: ${found.code && found.code !== "bash" ? `${found.code}: ` : ""}${found.message}`,
          ),
        ),
      ),
  );
}
