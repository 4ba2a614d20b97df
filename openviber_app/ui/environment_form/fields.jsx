import { jsx } from "@emotion/react";
import { createContext, useContext } from "react";

/** `{ problems, clear(field) }`: what the board said of each field. */
export const Problems = createContext({ problems: {}, clear: () => {} });

/** The ids and states that tie an input to its help and to its problem. */
export function useProblem(id, help) {
  const { problems, clear } = useContext(Problems);
  const text = problems[id]?.text;
  const described = [help && `${id}-help`, text && `${id}-problem`].filter(Boolean).join(" ");
  return {
    text,
    clear: () => text && clear(id),
    attributes: { id, "aria-invalid": text ? true : undefined, "aria-describedby": described || undefined },
  };
}

export function Said({ id, text }) {
  return text ? jsx("p", { id: `${id}-problem`, className: "field-problem" }, text) : null;
}

/** A label over its input, with help and problem below. */
export function Field({ id, label, help, optional, className, children, after }) {
  const { problems } = useContext(Problems);
  return jsx(
    "div",
    { className },
    jsx(
      "div",
      { className: "field-head" },
      jsx("label", { htmlFor: id, className: "label" }, label, optional && jsx("span", { className: "field-optional" }, optional)),
      after,
    ),
    children,
    jsx(Said, { id, text: problems[id]?.text }),
    help && jsx("p", { id: `${id}-help`, className: "help" }, help),
  );
}

/** A field of one line; `onChange` gets the text. */
export function TextField({ id, label, help, optional, className, value, onChange, isMono, ...rest }) {
  const { attributes, clear } = useProblem(id, help);
  return jsx(
    Field,
    { id, label, help, optional, className },
    jsx("input", {
      type: "text",
      autoComplete: "off",
      spellCheck: false,
      ...rest,
      ...attributes,
      value,
      className: isMono ? "field mono" : "field",
      onChange: (event) => {
        clear();
        onChange(event.target.value);
      },
    }),
  );
}

/** A field of some lines. */
export function AreaField({ id, label, help, optional, value, onChange, rows = 3, isMono, ...rest }) {
  const { attributes, clear } = useProblem(id, help);
  return jsx(
    Field,
    { id, label, help, optional },
    jsx("textarea", {
      rows,
      spellCheck: !isMono,
      ...rest,
      ...attributes,
      value,
      className: isMono ? "field mono" : "field prose",
      onChange: (event) => {
        clear();
        onChange(event.target.value);
      },
    }),
  );
}

/** Something to switch on, with a line that says what then happens. */
export function Switch({ id, label, help, isOn, onChange }) {
  return jsx(
    "div",
    { className: "form-switch-row" },
    jsx("input", {
      id,
      type: "checkbox",
      role: "switch",
      className: "form-switch",
      checked: isOn,
      "aria-describedby": `${id}-help`,
      onChange: (event) => onChange(event.target.checked),
    }),
    jsx(
      "div",
      null,
      jsx("label", { htmlFor: id, className: "font-medium" }, label),
      jsx("p", { id: `${id}-help`, className: "help !mt-0" }, help),
    ),
  );
}

/** One of a few, side by side: `options` are `{ id, label, help }`. */
export function Choice({ name, label, options, value, onChange }) {
  return jsx(
    "fieldset",
    { className: "form-choice" },
    jsx("legend", { className: "label" }, label),
    jsx(
      "div",
      { className: "form-choices" },
      options.map((option) =>
        jsx(
          "label",
          { key: option.id, className: "form-option", "data-on": option.id === value },
          jsx("input", {
            type: "radio",
            name,
            value: option.id,
            checked: option.id === value,
            onChange: () => onChange(option.id),
          }),
          jsx(
            "span",
            null,
            jsx("span", { className: "block font-medium" }, option.label),
            jsx("span", { className: "facts" }, option.help),
          ),
        ),
      ),
    ),
  );
}
