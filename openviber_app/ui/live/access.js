// What the person who looks may do in an environment, as the board says it.
import { useEffect, useState } from "react";
import { request } from "./request.js";
import { live } from "./socket.js";

/** `{ canRun, owner }`; until the board has answered, what a thread's row said, or what is usual: it is one's own. */
export function useAccess(environment, said = true) {
  const [found, setFound] = useState(null);
  useEffect(() => {
    if (!environment) return undefined;
    let isOver = false;
    let timer = 0;
    const ask = () =>
      request("GET", `/api/environments/${environment}`).then((answer) => !isOver && setFound(answer), () => {});
    const soon = () => {
      clearTimeout(timer);
      timer = setTimeout(ask, 2000); // a share changes seldom; other news come often
    };
    ask();
    const off = live.subscribe("user", soon);
    return () => {
      isOver = true;
      clearTimeout(timer);
      off();
    };
  }, [environment]);
  return { canRun: found ? found.access !== "viewer" : said, owner: found?.ownerName ?? "" };
}

/** What stands in the composer's place for whom may only look. */
export const onlyReads = (owner) => `You can read this environment. Ask ${owner || "its owner"} to let you run threads.`;
