import { jsx } from "@emotion/react";
import { useEffect, useState } from "react";
import { live } from "./socket.js";

const SETTLE_MS = 60;

/** Says when something of this person's changed, and shows quietly that the line is down. */
export function Watch({ onChange, className }) {
  const [isDown, setDown] = useState(false);
  useEffect(() => {
    let timer = 0;
    const changed = () => {
      timer ||= setTimeout(() => {
        timer = 0;
        onChange?.();
      }, SETTLE_MS);
    };
    let wasDown = false;
    const offWatch = live.watch((state) => {
      setDown(state === "closed");
      if (state === "open" && wasDown) changed(); // what was missed meanwhile
      wasDown = state === "closed";
    });
    const off = live.subscribe("user", changed);
    return () => {
      off();
      offWatch();
      clearTimeout(timer);
    };
  }, []);
  return jsx("div", { role: "status", className }, isDown ? "reconnecting…" : "");
}
