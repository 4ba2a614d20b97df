import { jsx } from "@emotion/react";
import { useEffect, useState } from "react";
import { duration } from "./words.js";

const STEPS = [
  [3600, 60, "min"],
  [86_400, 3600, "h"],
  [604_800, 86_400, "d"],
];

const said = (at, now) => {
  const seconds = Math.max(0, (now - at) / 1000);
  if (seconds < 60) return "now";
  for (const [below, unit, name] of STEPS) if (seconds < below) return `${Math.floor(seconds / unit)} ${name}`;
  return new Date(at).toLocaleDateString(undefined, { day: "numeric", month: "short" });
};

/** The time, told again every so often. */
export function useNow(every) {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), every);
    return () => clearInterval(timer);
  }, [every]);
  return now;
}

/** How long ago something was; the exact time is on hover. `after` follows a length of time. */
export function Ago({ at, after = "" }) {
  const moment = Date.parse(at);
  const now = useNow(30_000);
  if (Number.isNaN(moment)) return null;
  const exact = new Date(moment).toLocaleString();
  const text = said(moment, now);
  return jsx("time", { dateTime: at, title: exact, suppressHydrationWarning: true }, / (min|h|d)$/.test(text) ? text + after : text);
}

/** Time since something began, counted here while it goes on. */
export function Elapsed({ since }) {
  const whole = Math.max(0, Math.floor((useNow(1000) - Date.parse(since)) / 1000));
  const text = whole < 60 ? `${whole} s` : duration(whole * 1000);
  return jsx("span", { className: "tabular-nums", role: "timer", "aria-live": "off" }, text);
}
