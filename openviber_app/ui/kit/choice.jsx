import { jsx } from "@emotion/react";
import { useEffect, useId, useRef, useState } from "react";

const MAX_SHOWN = 50;

/**
 * A choice out of many, found by typing. `options` are `{value, label, note?}`; the form sends the
 * chosen one's value as `name`. What is typed and not chosen is put back on leaving.
 */
export function Choice({ label, name, options, value = "", onChange, placeholder, none = "Nothing is called that." }) {
  const id = useId();
  const field = useRef(null);
  const list = useRef(null);
  const [chosen, setChosen] = useState(value);
  const [typed, setTyped] = useState(null); // null: closed, and the chosen one is shown
  const [at, setAt] = useState(0);
  const isOpen = typed !== null;
  const shown = options
    .filter((option) => option.label.toLowerCase().includes((typed ?? "").trim().toLowerCase()))
    .slice(0, MAX_SHOWN);
  const place = Math.min(at, shown.length - 1);
  useEffect(() => setChosen(value), [value]);
  useEffect(() => {
    const box = list.current;
    if (isOpen && !box.matches(":popover-open")) box.showPopover();
    if (!isOpen && box.matches(":popover-open")) box.hidePopover();
    if (!isOpen) return;
    const { left, bottom, width } = field.current.getBoundingClientRect();
    Object.assign(box.style, { left: `${left}px`, top: `${bottom + 4}px`, width: `${width}px` });
    box.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  }, [isOpen, place]);
  const open = () => {
    if (isOpen) return;
    setTyped("");
    setAt(Math.max(0, options.findIndex((option) => option.value === chosen)));
  };
  const take = (option) => {
    setTyped(null);
    if (!option) return;
    setChosen(option.value);
    onChange?.(option.value);
  };
  const keyed = (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && !isOpen) open();
    else if (step && shown.length) setAt((place + step + shown.length) % shown.length);
    else if (event.key === "Enter" && isOpen) take(shown[place]);
    else if (event.key === "Escape" && isOpen) setTyped(null);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const label_ = options.find((option) => option.value === chosen)?.label ?? "";
  return jsx(
    "div",
    { className: "choice" },
    jsx("label", { className: "label", htmlFor: id }, label),
    jsx("input", { type: "hidden", name, value: chosen }),
    jsx("input", {
      id,
      ref: field,
      role: "combobox",
      className: "field select",
      autoComplete: "off",
      spellCheck: false,
      "aria-expanded": isOpen,
      "aria-controls": `${id}-list`,
      "aria-autocomplete": "list",
      "aria-activedescendant": isOpen && shown[place] ? `${id}-${place}` : undefined,
      placeholder: (isOpen && label_) || placeholder,
      value: typed ?? label_,
      onChange: (event) => {
        setTyped(event.target.value);
        setAt(0);
      },
      onClick: open,
      onKeyDown: keyed,
      onBlur: () => setTyped(null),
    }),
    jsx(
      "div",
      { id: `${id}-list`, ref: list, role: "listbox", "aria-label": label, popover: "manual", className: "kit-menu" },
      isOpen &&
        shown.map((option, n) =>
          jsx(
            "div",
            {
              key: option.value,
              id: `${id}-${n}`,
              role: "option",
              "aria-selected": n === place,
              className: "kit-item",
              onPointerDown: (event) => event.preventDefault(), // the field keeps the focus
              onPointerMove: () => setAt(n),
              onClick: () => take(option),
            },
            jsx("span", { className: "min-w-0 flex-1 truncate" }, option.label),
            option.note && jsx("span", { className: "kit-item-note" }, option.note),
          ),
        ),
    ),
    jsx("p", { role: "status", className: isOpen && !shown.length ? "help" : "sr-only" }, isOpen && !shown.length ? none : ""),
  );
}
