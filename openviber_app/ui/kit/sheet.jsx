import { jsx } from "@emotion/react";
import { useEffect, useRef, useState } from "react";
import { closeDialog, useDialog } from "./dialogs.js";
import { Icon } from "./icons.jsx";

const DRAGGED_AWAY = 90; // px
const FIRST_FIELD = "[autofocus], [data-autofocus], input:not([type=hidden]):not([disabled]), select, textarea";

/** Put the focus where one would begin; a phone's keyboard waits until it is asked for. */
export function focusFirst(dialog) {
  const field = matchMedia("(pointer: coarse)").matches ? null : dialog.querySelector(FIRST_FIELD);
  (field ?? dialog).focus({ preventScroll: true });
}

/** A sheet follows the finger that pulls its head down, and closes when pulled far enough. */
const useDrag = (box) => {
  const from = useRef(null);
  const move = (distance) => {
    box.current.style.translate = distance ? `0 ${distance}px` : "";
  };
  return {
    onPointerDown: (event) => {
      if (event.pointerType === "mouse" || event.target.closest("button, a")) return;
      from.current = event.clientY;
      event.currentTarget.setPointerCapture(event.pointerId);
    },
    onPointerMove: (event) => from.current !== null && move(Math.max(0, event.clientY - from.current)),
    onPointerUp: (event) => {
      if (from.current === null) return;
      const distance = event.clientY - from.current;
      from.current = null;
      move(0);
      if (distance > DRAGGED_AWAY) closeDialog();
    },
    onPointerCancel: () => {
      from.current = null;
      move(0);
    },
  };
};

const isOutside = (event, box) => {
  const { left, right, top, bottom } = box.getBoundingClientRect();
  return event.clientX < left || event.clientX > right || event.clientY < top || event.clientY > bottom;
};

/**
 * A dialog whose being open is in the address. The platform's own element keeps the focus in and
 * gives it back. What it holds is made when it first opens, and then kept, with what was typed.
 */
export function Sheet({ id, title, text, wide, bare, action, children, className }) {
  const box = useRef(null);
  const pressedOutside = useRef(false);
  const isOpen = useDialog(id) !== null;
  const [wasOpen, setWasOpen] = useState(isOpen);
  if (isOpen && !wasOpen) setWasOpen(true);
  const drag = useDrag(box);
  useEffect(() => {
    const dialog = box.current;
    if (!isOpen) return void (dialog.open && dialog.close());
    if (!dialog.open) dialog.showModal();
    focusFirst(dialog);
  }, [isOpen]);
  return jsx(
    "dialog",
    {
      ref: box,
      id,
      tabIndex: -1,
      className: `sheet ${wide ? "sheet-wide" : ""} ${className ?? ""}`,
      "aria-labelledby": bare ? undefined : `${id}-title`,
      "aria-label": bare ? title : undefined,
      onCancel: (event) => {
        if (event.target !== box.current) return; // a file chooser's
        event.preventDefault();
        closeDialog();
      },
      onClose: (event) => event.target === box.current && isOpen && closeDialog(),
      onMouseDown: (event) => {
        pressedOutside.current = event.target === box.current && isOutside(event, box.current);
      },
      onClick: (event) =>
        pressedOutside.current && event.target === box.current && isOutside(event, box.current) && closeDialog(),
    },
    jsx("div", { className: "sheet-handle", "aria-hidden": true, ...drag }),
    !bare &&
      jsx(
        "div",
        { className: "sheet-head", ...drag },
        jsx(
          "div",
          { className: "min-w-0 flex-1" },
          jsx("h2", { id: `${id}-title`, className: "sheet-title" }, title),
          text && jsx("p", { className: "sheet-text" }, text),
        ),
        action,
        jsx(
          "button",
          { type: "button", className: "btn btn-quiet btn-icon", "aria-label": "Close", onClick: closeDialog },
          jsx(Icon, { name: "x" }),
        ),
      ),
    wasOpen && children,
  );
}
