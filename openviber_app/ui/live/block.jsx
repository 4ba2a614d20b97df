import { jsx } from "@emotion/react";
import { memo, useState } from "react";
import { Ago } from "./ago.jsx";
import { request } from "./request.js";
import { RunCard } from "./run_card.jsx";
import { Step } from "./steps.jsx";
import { refusalOf } from "./words.js";

/** What somebody said; a queued message can be taken back until its turn comes. */
function Said({ item, store }) {
  const [refusal, setRefusal] = useState("");
  const withdraw = async () => {
    try {
      await request("DELETE", `${store.path}/messages/${item.id}`);
      setRefusal("");
    } catch (problem) {
      setRefusal(refusalOf(problem));
    }
  };
  const isWithdrawn = !!item.fields.withdrawn;
  const isQueued = !item.runId && !isWithdrawn;
  return jsx(
    "div",
    { className: "said", "data-state": isWithdrawn ? "withdrawn" : isQueued ? "queued" : "sent" },
    jsx("pre", null, item.text),
    (isQueued || isWithdrawn) &&
      jsx(
        "p",
        { className: "said-foot" },
        isWithdrawn
          ? "withdrawn before its turn came"
          : [
              jsx("span", { key: "q", className: "mark", "data-kind": "off", "aria-hidden": true }),
              jsx("span", { key: "w" }, "queued"),
              jsx(Ago, { key: "t", at: item.createdAt }),
              jsx("span", { key: "s", className: "flex-1" }),
              jsx("button", { key: "b", type: "button", className: "text-btn", onClick: withdraw }, "Withdraw"),
            ],
      ),
    refusal && jsx("p", { role: "alert", className: "refusal" }, refusal),
  );
}

/** A message with what came of it, or something that was said beside. */
export const Block = memo(({ block, store, place, isLast, isRecent }) => {
  const { message, run, items } = block;
  return jsx(
    "article",
    {
      className: "entry",
      "data-key": block.key,
      "aria-label": message ? (message.sentBy ? `Message of ${message.sentBy}` : "Your message") : run ? "A run" : "A note",
      "aria-posinset": place,
      "aria-setsize": -1,
      tabIndex: -1,
    },
    message?.sentBy && jsx("p", { className: "said-by" }, message.sentBy),
    message && jsx(Said, { item: message, store }),
    run
      ? jsx(RunCard, { run, items, message, store, isLast, isRecent })
      : items.map((item) => jsx(Step, { key: item.id, item })),
  );
});
