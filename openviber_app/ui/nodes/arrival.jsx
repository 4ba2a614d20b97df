import { jsx } from "@emotion/react";
import { useEffect, useState } from "react";
import { live } from "$/public/external/openviber_app/ui/live/socket.js";
import { request } from "$/public/external/openviber_app/ui/live/request.js";
import { Clock } from "./clock.jsx";

/** A node as the board knows it now; read again at every change. `undefined` until it is known. */
export function useNode(id) {
  const [node, setNode] = useState(undefined);
  const [problem, setProblem] = useState(null);
  useEffect(() => {
    setNode(undefined);
    setProblem(null);
    if (!id) return undefined;
    let isOver = false;
    const read = async () => {
      try {
        const found = await request("GET", `/api/nodes/${encodeURIComponent(id)}`);
        if (!isOver) setNode(found);
        if (!isOver) setProblem(null);
      } catch (refusal) {
        if (!isOver) setProblem(refusal);
      }
    };
    read();
    const off = live.subscribe("user", read);
    return () => {
      isOver = true;
      off();
    };
  }, [id]);
  return { node, problem };
}

/** How far a machine has come: not heard of, claimed, connected. */
export const stepOf = (node) => {
  if (node?.link === "connected") return "there";
  return node?.claimedAt ? "claimed" : "waiting";
};

const say = (step, name, left) => {
  if (step === "there") return ["online", `${name} is connected`, ""];
  if (step === "claimed")
    return [
      "busy",
      `${name} took the command; its daemon connects…`,
      "If the installer ended with “start the daemon with”, type the line below it.",
    ];
  if (!left) return ["warn", "The command has expired unused", "It can be made anew; nothing was changed on the machine."];
  return ["busy", `Waiting for ${name}…`, ["Works once, for ", jsx(Clock, { key: "left", seconds: left }), " more."]];
};

/** Says how far a machine has come, and turns green by itself. */
export function Arrival({ node, name, left }) {
  const step = stepOf(node);
  const [mark, words, more] = say(step, name, left);
  return jsx(
    "div",
    { className: "arrival", "data-step": step === "waiting" && !left ? "expired" : step },
    jsx("span", { className: "mark", "data-kind": mark, "aria-hidden": true }),
    jsx(
      "div",
      { className: "min-w-0" },
      jsx("p", { role: "status", className: "font-medium" }, words),
      more && jsx("p", { className: "text-tx2 text-[12px]" }, more),
    ),
  );
}
