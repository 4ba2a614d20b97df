import { jsx } from "@emotion/react";
import { Link } from "react-router";
import { useQuery } from "../kit/dialogs.js";
import { Icon } from "../kit/icons.jsx";
import { ShortcutList } from "../shell/shortcut_list.jsx";
import { Appearance } from "./appearance.jsx";
import { Keys } from "./keys.jsx";
import { useLoaded } from "./loaded.js";
import { Profile } from "./profile.jsx";
import { Sessions } from "./sessions.jsx";
import { Section } from "./text_field.jsx";
import { Tokens } from "./tokens.jsx";

const Shortcuts = () =>
  jsx(Section, { title: "Keyboard shortcuts", text: "Not heard while you type." }, jsx(ShortcutList));

const SECTIONS = [
  { name: "profile", label: "Profile", icon: "user", Part: Profile },
  { name: "sessions", label: "Sessions", icon: "system", Part: Sessions },
  { name: "tokens", label: "API tokens", icon: "key", Part: Tokens },
  { name: "keys", label: "Keys", icon: "key", Part: Keys, isOwners: true },
  { name: "appearance", label: "Appearance", icon: "theme", Part: Appearance },
  { name: "shortcuts", label: "Shortcuts", icon: "keyboard", Part: Shortcuts },
];

/** Every section, and the links between them; the address says which one is shown. */
export function Settings() {
  const asked = new URLSearchParams(useQuery()).get("section");
  const { value: me } = useLoaded("/api/me");
  const listed = SECTIONS.filter(({ name, isOwners }) => !isOwners || me?.role === "owner" || name === asked);
  const shown = SECTIONS.find(({ name }) => name === asked) ?? SECTIONS[0];
  return jsx(
    "div",
    { className: "settings" },
    jsx(
      "nav",
      { className: "settings-nav", "aria-label": "Settings" },
      listed.map(({ name, label, icon }) =>
        jsx(
          Link,
          { key: name, to: `/settings?section=${name}`, className: "tab", "aria-current": name === shown.name ? "page" : undefined },
          jsx(Icon, { name: icon }),
          label,
        ),
      ),
    ),
    jsx("div", { className: "settings-body" }, jsx(shown.Part, { key: shown.name })),
  );
}
