import { jsx } from "@emotion/react";
import { useEffect, useId, useLayoutEffect, useRef, useState } from "react";
import { useNavigate } from "react-router";
import { Icon } from "./icons.jsx";

const GAP = 4;
const EDGE = 8;
const isOurs = (href) => href.startsWith("/") && !href.startsWith("/api/");

/** Where a list stands beside its button: on the asked side if it fits there. */
export const placeOf = ({ anchor, list, view, side, align }) => {
  const below = anchor.bottom + GAP;
  const above = anchor.top - GAP - list.height;
  const fits = { bottom: below + list.height <= view.height - EDGE, top: above >= EDGE };
  const other = side === "top" ? "bottom" : "top";
  const chosen = fits[side] || !fits[other] ? side : other;
  const top = chosen === "top" ? above : below;
  const left = align === "start" ? anchor.left : anchor.right - list.width;
  const within = (wanted, size, room) => Math.max(EDGE, Math.min(wanted, room - size - EDGE));
  return { top: within(top, list.height, view.height), left: within(left, list.width, view.width) };
};

const Item = ({ item, onTake }) => {
  const isChoice = item.isChecked !== undefined;
  return jsx(
    "div",
    {
      role: isChoice ? "menuitemradio" : "menuitem",
      "aria-checked": isChoice ? item.isChecked : undefined,
      "aria-disabled": item.isDisabled || undefined,
      tabIndex: -1,
      className: `kit-item ${item.isDanger ? "text-red" : ""}`,
      onClick: () => !item.isDisabled && onTake(item),
      onPointerMove: (event) => event.currentTarget.focus({ preventScroll: true }),
    },
    item.icon && jsx(Icon, { name: item.icon, className: item.isDanger ? "" : "text-tx3" }),
    jsx(
      "span",
      { className: "min-w-0 flex-1" },
      jsx("span", { className: "block" }, item.label),
      item.note && jsx("span", { className: "kit-item-note" }, item.note),
    ),
    item.key && jsx("kbd", { className: "kbd" }, item.key),
    item.isChecked && jsx(Icon, { name: "check" }),
  );
};

/** Move the focus in a list by a key; a letter goes to the next item that begins with it. */
const moveFocus = (event, list) => {
  const rows = [...list.querySelectorAll("[role^=menuitem]")];
  const at = rows.indexOf(document.activeElement);
  const steps = { ArrowDown: (at + 1) % rows.length, ArrowUp: (at <= 0 ? rows.length : at) - 1, Home: 0, End: rows.length - 1 };
  let to = rows[steps[event.key]];
  if (!to && event.key.length === 1 && event.key !== " ") {
    const begins = (row) => row.textContent.trim().toLowerCase().startsWith(event.key.toLowerCase());
    to = [...rows.slice(at + 1), ...rows.slice(0, at + 1)].find(begins);
  }
  if (event.key === "Enter" || event.key === " ") document.activeElement?.click();
  else if (!to) return;
  to?.focus();
  event.preventDefault();
  event.stopPropagation();
};

/**
 * A button that opens a list of actions. `items` are `{label, onSelect?, href?, isDanger?,
 * isDisabled?, note?, icon?, key?, isChecked?}`; one that is only `{heading}` stands above others, and
 * `{isLine: true}` parts them. `trigger` is what the button shows; without it, three dots. A page that
 * opens it itself gives `open` and `onOpenChange`, and `at` when it opens where the pointer is.
 */
export function Menu({ label, trigger, items, className, side = "bottom", align = "end", open, onOpenChange, at }) {
  const id = useId();
  const button = useRef(null);
  const list = useRef(null);
  const [isShown, setShown] = useState(false); // as the platform has it
  const navigate = useNavigate();
  useEffect(() => {
    if (open === undefined || !list.current || open === list.current.matches(":popover-open")) return;
    if (open) list.current.showPopover({ source: button.current });
    else list.current.hidePopover();
  }, [open]);
  useLayoutEffect(() => {
    if (!isShown) return undefined;
    const box = list.current;
    const place = () => {
      const anchor = (at ?? button.current).getBoundingClientRect();
      const view = { width: innerWidth, height: innerHeight };
      const { top, left } = placeOf({ anchor, list: box.getBoundingClientRect(), view, side, align });
      Object.assign(box.style, { top: `${top}px`, left: `${left}px` });
    };
    place();
    (box.querySelector("[role^=menuitem]:not([aria-disabled=true])") ?? box).focus({ preventScroll: true });
    addEventListener("resize", place);
    return () => removeEventListener("resize", place);
  }, [isShown, at, side, align]);
  const close = () => {
    list.current.hidePopover();
    onOpenChange?.(false); // at once: the list's own word comes later, and it may be gone by then
    button.current?.focus();
  };
  const take = (item) => {
    close();
    item.onSelect?.();
    if (item.href && isOurs(item.href)) navigate(item.href);
    else if (item.href) window.open(item.href, "_blank", "noopener");
  };
  return [
    jsx(
      "button",
      {
        key: "button",
        ref: button,
        type: "button",
        className: className ?? "btn btn-quiet btn-icon",
        popoverTarget: id,
        "aria-label": label,
        "aria-haspopup": "menu",
        "aria-expanded": isShown,
        onKeyDown: (event) => {
          if (event.key !== "ArrowDown") return;
          event.preventDefault();
          list.current.showPopover({ source: button.current });
        },
      },
      trigger ?? jsx(Icon, { name: "more" }),
    ),
    jsx(
      "div",
      {
        key: "list",
        ref: list,
        id,
        popover: "auto",
        role: "menu",
        "aria-label": label,
        tabIndex: -1,
        className: "kit-menu",
        onToggle: (event) => {
          const isNow = event.newState === "open";
          setShown(isNow);
          if (isNow !== open) onOpenChange?.(isNow);
        },
        onKeyDown: (event) => (event.key === "Tab" ? (event.preventDefault(), close()) : moveFocus(event, list.current)),
      },
      isShown &&
        items.map((item, n) => {
          if (item.isLine) return jsx("div", { key: n, role: "separator", className: "kit-line" });
          if (item.heading) return jsx("div", { key: n, role: "presentation", className: "kit-head" }, item.heading);
          return jsx(Item, { key: n, item, onTake: take });
        }),
    ),
  ];
}
