// Light, dark, or as the system has it.
import { useContext } from "react";
import { ColorModeContext } from "$/utils/context";

export const THEMES = [
  { value: "light", label: "Light", icon: "light" },
  { value: "dark", label: "Dark", icon: "dark" },
  { value: "system", label: "As the system", icon: "system" },
];

/** The chosen theme, what it comes to now, and the way to choose. */
export function useTheme() {
  const { rawColorMode, resolvedColorMode, setColorMode } = useContext(ColorModeContext);
  return { chosen: rawColorMode, shown: resolvedColorMode, choose: setColorMode };
}

/** End this browser's session and go to the door. */
export async function signOut(request) {
  globalThis.__openviberLeaves = true; // the tab's socket, which hears of it first, leads nowhere
  try {
    await request("DELETE", "/api/sessions/current");
  } catch (refusal) {
    globalThis.__openviberLeaves = false;
    throw refusal;
  }
  location.assign("/sign-in");
}
