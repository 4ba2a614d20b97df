import { jsx } from "@emotion/react";
import { useEffect, useState } from "react";

const left = (until) => Math.max(0, Math.ceil((Date.parse(until) - Date.now()) / 1000));

/** Seconds until a moment, counted down; 0 once it has passed. */
export function useLeft(until) {
  const [, tick] = useState(0);
  useEffect(() => {
    if (!until) return undefined;
    const timer = setInterval(() => {
      tick((n) => n + 1);
      if (!left(until)) clearInterval(timer);
    }, 1000);
    return () => clearInterval(timer);
  }, [until]);
  return until ? left(until) : 0;
}

/** A span of seconds as a clock shows it. */
export const Clock = ({ seconds }) =>
  jsx(
    "span",
    { className: "tabular-nums whitespace-nowrap" },
    `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`,
  );
