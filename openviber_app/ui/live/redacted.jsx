import { jsx } from "@emotion/react";
import { LOOK, partsOf } from "./redacted.js";

const Mask = ({ children }) =>
  jsx("span", { className: LOOK.className, role: LOOK.role, "aria-label": LOOK.label, title: LOOK.title }, jsx("span", null, children));

/** What of the pieces lies between two places; every second piece is one that a search found. */
const between = (pieces, from, to) => {
  let at = 0;
  return pieces.map((piece, n) => {
    const part = piece.slice(Math.max(0, from - at), Math.max(0, to - at));
    at += piece.length;
    return part && n % 2 ? jsx("mark", { key: n, className: "found" }, part) : part;
  });
};

/** Pieces of a text of which every second one was found, with its masks drawn whole. */
export function MaskedPieces({ pieces }) {
  let at = 0;
  return partsOf(pieces.join("")).map((part, n) => {
    const shown = between(pieces, at, (at += part.length));
    return n % 2 ? jsx(Mask, { key: n }, shown) : shown;
  });
}

/** A text that a runner wrote, with its masks drawn. Never for what a person typed. */
export const Masked = ({ text }) =>
  partsOf(text ?? "").map((part, n) => (n % 2 ? jsx(Mask, { key: n }, part) : part));
