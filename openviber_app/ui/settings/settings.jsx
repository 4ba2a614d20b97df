import { jsx } from "@emotion/react";
import { useEffect, useState } from "react";
import { Link } from "react-router";
import { useQuery } from "../kit/dialogs.js";
import { Icon } from "../kit/icons.jsx";
import { ShortcutList } from "../shell/shortcut_list.jsx";
import { request } from "../live/request.js";
import { Appearance } from "./appearance.jsx";
import { Audit } from "./audit.jsx";
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
  { name: "audit", label: "Audit log", icon: "book", Part: Audit, isForReaders: true },
];
const READERS = ["owner", "admin"];

/** Whether this person reads the audit log; the board decides it again for every page of it. */
function useIsReader() {
  const [isReader, setReader] = useState(false);
  useEffect(() => {
    request("GET", "/api/me").then((me) => setReader(READERS.includes(me.role)), () => {});
  }, []);
  return isReader;
}

/** Every section, and the links between them; the address says which one is shown. */
export function Settings() {
  const asked = new URLSearchParams(useQuery()).get("section");
  const isReader = useIsReader();
  const shown = SECTIONS.find(({ name }) => name === asked) ?? SECTIONS[0];
  return jsx(
    "div",
    { className: "settings" },
    jsx(
      "nav",
      { className: "settings-nav", "aria-label": "Settings" },
      SECTIONS.filter((one) => isReader || !one.isForReaders).map(({ name, label, icon }) =>
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
