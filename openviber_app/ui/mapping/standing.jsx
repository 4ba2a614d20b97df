import { jsx } from "@emotion/react";
import { pillOf } from "./node_words.js";
import { useLive } from "./use_live.js";

/** How an environment stands on the node that its threads go to. */
export function Standing({ environment }) {
  const { data } = useLive(environment ? `/api/bindings?environmentId=${environment}` : "");
  if (!data) return null;
  const binding = data.bindings.find((one) => one.isDefault) ?? data.bindings[0];
  const { word, kind } = binding ? pillOf(binding) : { word: "Unmapped", kind: "off" };
  const joint = word === "Waits" ? "for" : "on";
  return jsx(
    "span",
    { className: "pill", "data-kind": kind },
    jsx("span", { className: "mark", "data-kind": kind, "aria-hidden": true }),
    word,
    binding && jsx("span", { className: "hidden md:inline" }, ` ${joint} ${binding.nodeName}`),
  );
}
