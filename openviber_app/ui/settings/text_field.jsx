import { jsx } from "@emotion/react";

/** A labelled field; the form around it says below it what is wrong. */
export const TextField = ({ label, name, form, help, ...more }) => {
  const id = `${form}-${name}`;
  return jsx(
    "div",
    null,
    jsx("label", { htmlFor: id, className: "label" }, label),
    jsx("input", {
      id,
      name,
      className: "field",
      "aria-describedby": help ? `${id}-help` : undefined,
      ...more,
    }),
    help && jsx("p", { id: `${id}-help`, className: "help" }, help),
  );
};

/** A labelled choice out of a few; `options` are words by value. */
export const SelectField = ({ label, name, form, options, ...more }) => {
  const id = `${form}-${name}`;
  return jsx(
    "div",
    null,
    jsx("label", { htmlFor: id, className: "label" }, label),
    jsx(
      "select",
      { id, name, className: "field select", ...more },
      Object.entries(options).map(([value, words]) => jsx("option", { key: value, value }, words)),
    ),
  );
};

/** A section of the page: what it is, and what is in it. */
export const Section = ({ title, text, action, children }) =>
  jsx(
    "section",
    { className: "settings-section", "aria-label": title },
    jsx(
      "div",
      { className: "flex items-start gap-3" },
      jsx(
        "div",
        { className: "flex-1" },
        jsx("h2", { className: "text-[15px] font-semibold" }, title),
        text && jsx("p", { className: "text-tx2 mt-0.5" }, text),
      ),
      action,
    ),
    children,
  );

export const Waiting = () =>
  jsx(
    "div",
    { role: "status" },
    [1, 2, 3].map((n) => jsx("div", { key: n, className: "skeleton" }, jsx("span"), jsx("span"))),
    jsx("span", { className: "sr-only" }, "Loading"),
  );

export const Refusal = ({ text, onRetry }) =>
  jsx(
    "div",
    { className: "banner", "data-kind": "error", role: "alert" },
    jsx("p", { className: "flex-1" }, text),
    jsx("button", { type: "button", className: "btn btn-small", onClick: onRetry }, "Try again"),
  );
