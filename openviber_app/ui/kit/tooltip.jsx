import { jsx } from "@emotion/react";
import { Children, cloneElement, useId } from "react";

/** A few words about the one thing inside, on hover and on focus. */
export function Tooltip({ text, children, className }) {
  const id = useId();
  return jsx(
    "span",
    { className: `tip ${className ?? ""}` },
    cloneElement(Children.only(children), { "aria-describedby": id }),
    jsx("span", { role: "tooltip", id, className: "tip-text" }, text),
  );
}
