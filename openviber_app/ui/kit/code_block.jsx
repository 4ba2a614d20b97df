import { jsx } from "@emotion/react";
import { useEffect, useRef, useState } from "react";
import { Icon } from "./icons.jsx";

const SAID_MS = 2000;

/** Copy a text; pages without TLS have no clipboard, there the shown text itself is copied. */
const copy = async (text, shown) => {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    getSelection().selectAllChildren(shown);
    return document.execCommand("copy");
  }
};

/** A command or a token, whole and as it is, with a button that copies it. */
export function CodeBlock({ text, label }) {
  const shown = useRef(null);
  const [said, setSaid] = useState("");
  useEffect(() => {
    if (!said) return undefined;
    const timer = setTimeout(() => setSaid(""), SAID_MS);
    return () => clearTimeout(timer);
  }, [said]);
  const take = async () => setSaid((await copy(text, shown.current)) ? "Copied" : "Press Ctrl+C");
  return jsx(
    "div",
    { className: "code-block" },
    jsx("pre", { ref: shown, tabIndex: 0, role: "region", "aria-label": label }, text),
    jsx(
      "button",
      { type: "button", className: "btn btn-small", onClick: take },
      jsx(Icon, { name: said === "Copied" ? "check" : "copy" }),
      jsx("span", { "aria-live": "polite" }, said || "Copy"),
    ),
  );
}
