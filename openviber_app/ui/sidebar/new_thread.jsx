import { jsx } from "@emotion/react";
import { Link, useNavigate } from "react-router";
import { Icon } from "$/public/external/openviber_app/ui/kit/icons.jsx";
import { useShortcut } from "$/public/external/openviber_app/ui/kit/shortcuts.js";

/** The way to a new thread; while there is none, why, and what to do about it. */
export function NewThread({ environment, isMapped, sharedBy = "", canRun = true }) {
  const navigate = useNavigate();
  const composer = `/environments/${environment}`;
  const next = !environment ? "/environments/new" : isMapped || sharedBy ? composer : `${composer}?dialog=map`;
  useShortcut("c", () => navigate(next));
  if (!environment)
    return jsx(Link, { to: next, className: "btn btn-primary new-thread" }, jsx(Icon, { name: "plus" }), "Create environment");
  if (isMapped && canRun)
    return jsx(
      Link,
      { to: next, className: "btn btn-primary new-thread" },
      jsx(Icon, { name: "plus" }),
      "New thread",
      jsx("kbd", { className: "kbd max-md:!hidden", "aria-hidden": true }, "C"),
    );
  return jsx(
    "div",
    { className: "flex flex-1 flex-wrap gap-2" },
    jsx(
      "button",
      { type: "button", className: "btn new-thread", "aria-disabled": true, "aria-describedby": "no-thread-yet" },
      jsx(Icon, { name: "plus" }),
      "New thread",
    ),
    !sharedBy && jsx(Link, { to: next, className: "btn btn-primary" }, "Map to a node"),
    jsx(
      "p",
      { id: "no-thread-yet", className: "w-full text-[11px] text-tx3" },
      canRun ? "A thread runs on a node; this environment is on none yet." : `You can read this environment. Ask ${sharedBy} to let you run threads.`,
    ),
  );
}
