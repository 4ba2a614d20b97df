import { jsx } from "@emotion/react";
import { openDialog } from "../kit/dialogs.js";
import { Menu } from "../kit/menu.jsx";
import { toast } from "../kit/toast.js";
import { request } from "../live/request.js";
import { signOut, THEMES, useTheme } from "./theme_choice.js";

/** The person's name, and behind it what is theirs; `compact` shows the initial only. */
export function UserMenu({ name, compact }) {
  const { chosen, choose } = useTheme();
  const initial = [...(name || "?")][0].toUpperCase();
  const trigger = [
    jsx("span", { key: "initial", className: "avatar", "aria-hidden": true }, initial),
    !compact && jsx("span", { key: "name", className: "truncate flex-1 text-left" }, name),
  ];
  const items = [
    { label: "Settings", href: "/settings", icon: "settings" },
    { label: "Keyboard shortcuts", onSelect: () => openDialog("shortcuts"), icon: "keyboard", key: "?" },
    { label: "API description", href: "/api/openapi.json", icon: "book" },
    { isLine: true },
    { heading: "Theme" },
    ...THEMES.map(({ value, label, icon }) => ({
      label,
      icon,
      isChecked: chosen === value,
      onSelect: () => choose(value),
    })),
    { isLine: true },
    {
      label: "Sign out",
      icon: "sign-out",
      onSelect: () => signOut(request).catch((problem) => toast(`Not signed out: ${problem.message}`)),
    },
  ];
  return jsx(Menu, {
    label: `Your menu, ${name || "loading"}`,
    trigger,
    items,
    side: compact ? "bottom" : "top",
    align: compact ? "end" : "start",
    className: compact ? "btn btn-quiet btn-icon" : "user-button",
  });
}
