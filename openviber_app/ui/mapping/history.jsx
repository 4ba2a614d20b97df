import { jsx } from "@emotion/react";
import { openDialog } from "$/public/external/openviber_app/ui/kit/dialogs.js";
import { Ago } from "$/public/external/openviber_app/ui/live/ago.jsx";
import { seconds } from "./attempt_words.js";
import { endOf } from "./node_words.js";
import { useLive } from "./use_live.js";

const MARKS = { succeeded: "done", failed: "failed", cancelled: "off", interrupted: "failed", lost: "warn" };

const factsOf = (prepare) => {
  const facts = [prepare.kind === "spare" ? "fills a spare workspace" : "", endOf(prepare.status)];
  if (prepare.noop) facts.push("nothing had changed");
  if (prepare.startedAt && prepare.endedAt) facts.push(seconds(Date.parse(prepare.endedAt) - Date.parse(prepare.startedAt)));
  return facts.filter(Boolean).join(" · ");
};

/** The attempts of preparing an environment on a node, newest first. */
export function History({ binding }) {
  const { data, problem } = useLive(`/api/bindings/${binding.id}/prepares`);
  if (problem && !data) return jsx("p", { role: "alert", className: "text-red" }, problem.message);
  return jsx(
    "ol",
    { className: "history", "aria-label": `Attempts on ${binding.nodeName}` },
    (data?.prepares ?? []).map((prepare) =>
      jsx(
        "li",
        { key: prepare.id },
        jsx("span", { className: "mark", "data-kind": MARKS[prepare.status] ?? "busy", "aria-hidden": true }),
        jsx(
          "button",
          { type: "button", className: "text-link", onClick: () => openDialog("map", { environment: binding.environmentId, prepare: prepare.id }) },
          `Attempt ${prepare.attempt}`,
        ),
        jsx("span", { className: "facts truncate" }, factsOf(prepare)),
        jsx("span", { className: "flex-1" }),
        jsx("span", { className: "facts" }, jsx(Ago, { at: prepare.createdAt })),
      ),
    ),
  );
}
