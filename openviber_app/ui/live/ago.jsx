import { jsx } from "@emotion/react";
import { useEffect, useState } from "react";

const STEPS = [
  [60, 1, ""],
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

/** How long ago something was; the exact time is on hover. */
export function Ago({ at }) {
  const moment = Date.parse(at);
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 30_000);
    return () => clearInterval(timer);
  }, []);
  if (Number.isNaN(moment)) return null;
  const exact = new Date(moment).toLocaleString();
  return jsx("time", { dateTime: at, title: exact, suppressHydrationWarning: true }, said(moment, now));
}
