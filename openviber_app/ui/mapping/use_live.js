// What the board tells at an address, asked again whenever something of this person's changed.
import { useCallback, useEffect, useRef, useState } from "react";
import { request } from "$/public/external/openviber_app/ui/live/request.js";
import { live } from "$/public/external/openviber_app/ui/live/socket.js";

const SETTLE_MS = 60;
const NOTHING = { path: "", data: null, problem: null };

/** Returns `{ data, problem, reload }`; `data` is null until the first answer. */
export function useLive(path) {
  const [found, setFound] = useState(NOTHING);
  const ask = useRef(() => {});
  useEffect(() => {
    if (!path) return undefined;
    let isOver = false;
    let isAsking = false;
    let isOld = false;
    let timer = 0;
    const load = async () => {
      isOld = true;
      if (isAsking) return;
      isAsking = true;
      while (isOld && !isOver) {
        isOld = false;
        try {
          const data = await request("GET", path);
          if (!isOver) setFound({ path, data, problem: null });
        } catch (problem) {
          if (!isOver) setFound((last) => ({ path, data: last.path === path ? last.data : null, problem }));
        }
      }
      isAsking = false;
    };
    const soon = () => {
      timer ||= setTimeout(() => {
        timer = 0;
        load();
      }, SETTLE_MS);
    };
    ask.current = load;
    const off = live.subscribe("user", soon);
    const offWatch = live.watch((state) => state === "open" && soon()); // what was missed meanwhile
    load();
    return () => {
      isOver = true;
      clearTimeout(timer);
      off();
      offWatch();
    };
  }, [path]);
  const reload = useCallback(() => ask.current(), []);
  return { ...(found.path === path ? found : NOTHING), reload };
}
