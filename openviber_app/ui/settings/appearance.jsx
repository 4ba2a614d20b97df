import { jsx } from "@emotion/react";
import { Icon } from "../kit/icons.jsx";
import { THEMES, useTheme } from "../shell/theme_choice.js";
import { Section } from "./text_field.jsx";

/** Light, dark, or as the system has it; takes effect at once, in this browser. */
export function Appearance() {
  const { chosen, choose } = useTheme();
  return jsx(
    Section,
    { title: "Appearance", text: "Kept in this browser." },
    jsx(
      "fieldset",
      null,
      jsx("legend", { className: "label" }, "Theme"),
      jsx(
        "span",
        { className: "segmented" },
        THEMES.map(({ value, label, icon }) =>
          jsx(
            "label",
            { key: value },
            jsx("input", { type: "radio", name: "theme", value, checked: chosen === value, onChange: () => choose(value) }),
            jsx("span", null, jsx(Icon, { name: icon }), label),
          ),
        ),
      ),
    ),
  );
}
