import { jsx } from "@emotion/react";
import { useRef, useState } from "react";
import { useNavigate } from "react-router";
import { Icon } from "./icons.jsx";

const base = () => (globalThis.__openviberBase ??= import("./base.jsx"));

const isOurs = (href) => href.startsWith("/") && !href.startsWith("/api/");

const Item = ({ Menu, item, navigate }) =>
  jsx(
    Menu.Item,
    {
      className: `menu-item ${item.isDanger ? "text-red" : ""}`,
      disabled: item.isDisabled,
      onClick: () => {
        item.onSelect?.();
        if (item.href && isOurs(item.href)) navigate(item.href);
        else if (item.href) window.open(item.href, "_blank", "noopener");
      },
    },
    item.isChecked !== undefined &&
      jsx("span", { className: "w-[14px]" }, item.isChecked && jsx(Icon, { name: "check" })),
    item.icon && jsx(Icon, { name: item.icon, className: item.isDanger ? "" : "text-tx3" }),
    jsx(
      "span",
      { className: "min-w-0 flex-1" },
      jsx("span", { className: "block" }, item.label),
      item.note && jsx("span", { className: "menu-note" }, item.note),
    ),
    item.key && jsx("kbd", { className: "kbd" }, item.key),
    item.isChecked && jsx("span", { className: "sr-only" }, ", chosen"),
  );

/**
 * A button that opens a list of actions. `items` are `{label, onSelect?, href?, isDanger?,
 * isDisabled?, note?, icon?, key?, isChecked?}`; one that is only `{heading}` stands above others, and
 * `{isLine: true}` parts them. `trigger` is what the button shows; without it, three dots.
 */
export function Menu({ label, trigger, items, className, side = "bottom", align = "end", open, onOpenChange, at }) {
  const button = useRef(null);
  const navigate = useNavigate();
  const [parts, setParts] = useState(null);
  const [isChosen, setChosen] = useState(false);
  const isOpen = open ?? isChosen;
  const change = (next) => {
    setChosen(next);
    onOpenChange?.(next);
  };
  const load = () => parts || base().then((found) => setParts(() => found.Menu));
  if (isOpen && !parts) load();
  const shown = parts;
  return jsx(
    "span",
    { className: "contents" },
    jsx(
      "button",
      {
        ref: button,
        type: "button",
        className: className ?? "btn btn-quiet btn-icon",
        "aria-label": label,
        "aria-haspopup": "menu",
        "aria-expanded": isOpen,
        onPointerEnter: load,
        onFocus: load,
        onClick: () => change(!isOpen),
        onKeyDown: (event) => {
          if (event.key !== "ArrowDown" || isOpen) return;
          event.preventDefault();
          change(true);
        },
      },
      trigger ?? jsx(Icon, { name: "more" }),
    ),
    shown &&
      jsx(
        shown.Root,
        {
          open: isOpen,
          modal: false,
          onOpenChange: (next, details) => {
            const at = details?.event?.target;
            if (!next && details?.reason === "outside-press" && button.current?.contains(at)) return;
            change(next);
          },
        },
        jsx(
          shown.Portal,
          { container: button.current?.closest("dialog") ?? undefined },
          jsx(
            shown.Positioner,
            { anchor: at ?? button, side, align, sideOffset: 4, collisionPadding: 8, className: "menu-place" },
            jsx(
              shown.Popup,
              { className: "menu", "aria-label": label, finalFocus: button },
              items.map((item, n) => {
                if (item.isLine) return jsx(shown.Separator, { key: n, className: "menu-line" });
                if (item.heading) return jsx("div", { key: n, className: "menu-head" }, item.heading);
                return jsx(Item, { key: n, Menu: shown, item, navigate });
              }),
            ),
          ),
        ),
      ),
  );
}
