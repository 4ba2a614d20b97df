import { jsx } from "@emotion/react";
import { useEffect, useState } from "react";

const left = (until) => Math.max(0, Math.ceil((Date.parse(until) - Date.now()) / 1000));

/** Seconds until a moment, counted down; 0 once it has passed. */
export function useLeft(until) {
  const [seconds, setSeconds] = useState(() => (until ? left(until) : 0));
  useEffect(() => {
    if (!until) return undefined;
    setSeconds(left(until));
    const timer = setInterval(() => {
      setSeconds(left(until));
      if (!left(until)) clearInterval(timer);
    }, 1000);
    return () => clearInterval(timer);
  }, [until]);
  return seconds;
}

/** A span of seconds as a clock shows it. */
export const Clock = ({ seconds }) =>
  jsx(
    "span",
    { className: "tabular-nums whitespace-nowrap" },
    `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`,
  );
