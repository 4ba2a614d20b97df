import { jsx } from "@emotion/react";
import { useEffect, useRef } from "react";
import { Link } from "react-router";
import { useQuery } from "../kit/dialogs.js";
import { Icon } from "../kit/icons.jsx";
import { ShortcutList } from "../shell/shortcut_list.jsx";
import { Appearance } from "./appearance.jsx";
import { Audit } from "./audit.jsx";
import { Keys } from "./keys.jsx";
import { useLoaded } from "./loaded.js";
import { People } from "./people.jsx";
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
  { name: "appearance", label: "Appearance", icon: "theme", Part: Appearance },
  { name: "shortcuts", label: "Shortcuts", icon: "keyboard", Part: Shortcuts },
  { name: "people", label: "People", icon: "users", Part: People, isAdmins: true },
  { name: "keys", label: "Keys", icon: "lock", Part: Keys, isAdmins: true },
  { name: "audit", label: "Audit log", icon: "book", Part: Audit, isAdmins: true },
];

/** Every section, and the links between them; the address says which one is shown. */
export function Settings({ managesPeople }) {
  const asked = new URLSearchParams(useQuery()).get("section");
  const { value: me } = useLoaded("/api/me");
  const open = SECTIONS.filter(({ isAdmins }) => managesPeople || !isAdmins);
  const shown = open.find(({ name }) => name === asked) ?? open[0];
  const nav = useRef(null);
  useEffect(() => {
    // a phone's row of sections is longer than its screen
    nav.current.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
  }, [shown.name]);
  return jsx(
    "div",
    { className: "settings" },
    jsx(
      "nav",
      { ref: nav, className: "settings-nav", "aria-label": "Settings" },
      open.map(({ name, label, icon }) =>
        jsx(
          Link,
          { key: name, to: `/settings?section=${name}`, className: "tab", "aria-current": name === shown.name ? "page" : undefined },
          jsx(Icon, { name: icon }),
          label,
        ),
      ),
    ),
    jsx("div", { className: "settings-body" }, jsx(shown.Part, { key: shown.name, managesPeople, role: me?.role })),
  );
}
