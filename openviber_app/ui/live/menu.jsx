import { jsx } from "@emotion/react";
import { useEffect, useId, useRef, useState } from "react";

/** A button that opens a list of things to do; arrows move, Escape closes, focus returns. */
export function Menu({ label, trigger, items }) {
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  const button = useRef(null);
  const list = useRef(null);
  const close = () => {
    setOpen(false);
    button.current?.focus();
  };
  useEffect(() => {
    if (!isOpen) return undefined;
    list.current.querySelector("[role=menuitem]")?.focus();
    const away = (event) => !list.current?.contains(event.target) && !button.current?.contains(event.target) && setOpen(false);
    document.addEventListener("pointerdown", away);
    return () => document.removeEventListener("pointerdown", away);
  }, [isOpen]);
  const move = (event) => {
    const rows = [...list.current.querySelectorAll("[role=menuitem]")];
    const at = rows.indexOf(document.activeElement);
    const to = { ArrowDown: (at + 1) % rows.length, ArrowUp: (at + rows.length - 1) % rows.length, Home: 0, End: rows.length - 1 }[event.key];
    if (event.key === "Escape" || event.key === "Tab") close();
    else if (to !== undefined) rows[to].focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const choose = (item) => () => {
    if (item.isDisabled) return;
    close();
    item.onSelect?.();
  };
  return jsx(
    "div",
    { className: "menu" },
    jsx(
      "button",
      {
        ref: button,
        type: "button",
        className: "btn btn-small btn-quiet",
        "aria-label": label,
        "aria-haspopup": "menu",
        "aria-expanded": isOpen,
        "aria-controls": id,
        onClick: () => setOpen(!isOpen),
      },
      trigger,
    ),
    isOpen &&
      jsx(
        "div",
        { ref: list, id, role: "menu", "aria-label": label, className: "menu-list", onKeyDown: move },
        items.map((item) =>
          jsx(
            item.href ? "a" : "button",
            {
              key: item.label,
              role: "menuitem",
              tabIndex: -1,
              className: "menu-item",
              "aria-disabled": item.isDisabled || undefined,
              ...(item.href ? { href: item.href, download: "" } : { type: "button" }),
              onClick: choose(item),
            },
            jsx("span", null, item.label),
            item.note && jsx("span", { className: "menu-note" }, item.note),
          ),
        ),
      ),
  );
}
