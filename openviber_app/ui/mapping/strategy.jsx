import { jsx } from "@emotion/react";

const OWN = {
  github: ["Auto clone + setup", "A clone of its own on the node, set up once and kept ready for the next thread."],
  local: ["Its own folder", "The folder that the environment names, used where it lies."],
};

const Choice = ({ value, chosen, onChange, children }) =>
  jsx(
    "label",
    { className: "segment" },
    jsx("input", {
      type: "radio",
      name: "strategy",
      className: "sr-only",
      value,
      checked: chosen === value,
      onChange: () => onChange({ strategy: value }),
    }),
    children,
  );

/** How the node gets the files: by itself, or from a path that is there. */
export function Strategy({ type, localPath, value, onChange, problem }) {
  if (type === "manual")
    return jsx("p", { className: "help" }, "A folder of its own on the node, which the set-up script fills.");
  const [word, help] = OWN[type] ?? OWN.github;
  const isPath = value.strategy === "existing_path";
  return jsx(
    "fieldset",
    { className: "strategy" },
    jsx("legend", { className: "label" }, "Strategy"),
    jsx(
      "div",
      { className: "segments" },
      jsx(Choice, { value: "auto_clone", chosen: value.strategy, onChange }, word),
      jsx(Choice, { value: "existing_path", chosen: value.strategy, onChange }, "Use existing path"),
    ),
    !isPath && jsx("p", { className: "help" }, type === "local" && localPath ? `${help.slice(0, -1)}: ${localPath}` : help),
    isPath &&
      jsx(
        "div",
        { className: "mt-3" },
        jsx("label", { className: "label", htmlFor: "map-path" }, "Path on the node"),
        jsx("input", {
          id: "map-path",
          name: "existingPath",
          className: "field mono",
          autoComplete: "off",
          autoCapitalize: "off",
          spellCheck: false,
          placeholder: localPath || "~/src/checkout-api",
          value: value.existingPath,
          "aria-invalid": problem ? true : undefined,
          "aria-describedby": problem ? "map-path-error" : "map-path-help",
          onChange: (event) => onChange({ existingPath: event.target.value }),
        }),
        problem
          ? jsx("p", { id: "map-path-error", className: "field-error", role: "alert" }, problem)
          : jsx("p", { id: "map-path-help", className: "help" }, "Used where it lies, by one thread at a time; your own changes in it stay."),
        jsx(
          "label",
          { className: "map-check" },
          jsx("input", {
            type: "checkbox",
            name: "fastForward",
            checked: value.fastForward,
            onChange: (event) => onChange({ fastForward: event.target.checked }),
          }),
          "Move its branch forward if nothing in it is changed",
        ),
      ),
  );
}
