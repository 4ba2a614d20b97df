import { jsx } from "@emotion/react";
import { lazy, Suspense, useEffect, useRef } from "react";
import { focusFirst } from "./sheet.jsx";

const Failed = () =>
  jsx(
    "div",
    { role: "alert", className: "p-4 flex flex-wrap items-center gap-3" },
    jsx("p", { className: "text-tx2" }, "This part could not be fetched: the board is away, or it was updated."),
    jsx("button", { type: "button", className: "btn", onClick: () => location.reload() }, "Reload the page"),
  );

/** What a dialog that is open already gets late takes the focus that it would have had at once. */
const Arrived = () => {
  const here = useRef(null);
  useEffect(() => {
    const dialog = here.current.closest("dialog");
    if (dialog && document.activeElement === dialog) focusFirst(dialog);
  }, []);
  return jsx("span", { ref: here, hidden: true });
};

/** A part of the page that is fetched when it is first drawn; `height` in px keeps its place. */
export function later(load, height) {
  const Part = lazy(() => load().then((part) => ({ default: part }), () => ({ default: Failed })));
  const waits = jsx("div", { style: { height } });
  return function Later(given) {
    return jsx(Suspense, { fallback: waits }, jsx(Part, given), jsx(Arrived));
  };
}
