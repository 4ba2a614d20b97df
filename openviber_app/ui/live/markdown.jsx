import { jsx } from "@emotion/react";
import { memo, useMemo } from "react";
import { parse } from "./markdown.js";
import { Masked } from "./redacted.jsx";

const part = (one, key) => {
  const text = jsx(Masked, { key, text: one.text });
  if (one.t === "text") return text;
  if (one.t === "link") return jsx("a", { key, href: one.href, target: "_blank", rel: "noreferrer noopener" }, text);
  return jsx(one.t, { key }, text);
};

const block = (one, key) => {
  if (one.t === "pre") return jsx("pre", { key, tabIndex: 0 }, jsx("code", null, jsx(Masked, { text: one.text })));
  if (one.t === "p") return jsx("p", { key }, one.parts.map(part));
  if (one.t === "h") return jsx("p", { key, className: "font-semibold" }, one.parts.map(part));
  const items = one.items.map((item, index) => jsx("li", { key: index }, item.map(part)));
  return jsx(one.t, one.t === "ol" ? { key, start: one.start } : { key }, items);
};

/** What an agent says. Elements are made one by one: text is text, nothing is parsed as HTML. */
export default memo(({ text }) => {
  const blocks = useMemo(() => parse(text), [text]);
  return jsx("div", { className: "markdown" }, blocks.map(block));
});
