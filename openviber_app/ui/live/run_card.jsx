import { jsx } from "@emotion/react";
import { useRef, useState, useSyncExternalStore } from "react";
import { Ago, Elapsed } from "./ago.jsx";
import { LogView } from "./log_view.jsx";
import { Masked } from "./redacted.jsx";
import { request } from "./request.js";
import { Step } from "./steps.jsx";
import { countSteps, logStepOf, partsOf } from "./thread_blocks.js";
import { adviceOf, count, hasLog, isOpen, lateWords, logOf, pillOf, refusalOf, shapeOf, stateOf } from "./words.js";

/** A request behind a button: what was refused, and whether it is under way. */
function useAction() {
  const isBusy = useRef(false);
  const [refusal, setRefusal] = useState("");
  const act = async (work) => {
    if (isBusy.current) return;
    isBusy.current = true;
    setRefusal("");
    try {
      await work();
    } catch (problem) {
      setRefusal(refusalOf(problem));
    }
    isBusy.current = false;
  };
  return [act, refusal];
}

const factsOf = (run, steps) => {
  const facts = [];
  const done = countSteps(steps);
  if (done) facts.push(count(done, "step"));
  if (run.files.length) facts.push(count(run.files.length, "file"));
  if (run.redacted) facts.push(`${count(run.redacted, "secret")} redacted`);
  return facts.map((fact) => ` · ${fact}`).join("");
};

/** What went wrong or stands in the way, and what to do about it. */
function Aftermath({ run, message, store }) {
  const { thread } = useSyncExternalStore(store.subscribe, store.get, store.get);
  const [act, refusal] = useAction();
  const key = useRef("");
  const again = () =>
    act(async () => {
      key.current ||= crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`;
      await store.say(message.text, key.current);
      key.current = "";
    });
  const giveUp = () => act(() => request("POST", `/api/runs/${run.id}/lost`));
  const isAway = isOpen(run) && thread?.nodeId === run.nodeId && thread?.nodeConnected === false;
  const advice = adviceOf(run);
  if (!advice && !isAway && !run.lateResult?.status) return null;
  return jsx(
    "div",
    { className: "aftermath", "data-status": run.status },
    isAway &&
      jsx(
        "p",
        null,
        `${thread.nodeName} is unreachable. ${run.startedAt ? "The run may go on there" : "The run waits for it"}`,
        ". It is followed again once the node is back.",
        run.provedAt && [" Last sign of it: ", jsx(Ago, { key: "t", at: run.provedAt }), "."],
      ),
    run.message && advice && jsx("p", { className: "aftermath-message" }, jsx(Masked, { text: refusalOf(run) })),
    advice && jsx("p", null, advice),
    run.lateResult?.status && jsx("p", null, lateWords(run.lateResult)),
    (message || isAway) &&
      jsx(
        "p",
        { className: "aftermath-foot" },
        advice && message && thread?.status !== "archived" &&
          jsx("button", { type: "button", className: "btn btn-small", onClick: again }, "Run again"),
        isAway && run.startedAt &&
          jsx("button", { type: "button", className: "btn btn-small", onClick: giveUp }, "Give the run up"),
      ),
    refusal && jsx("p", { role: "alert", className: "refusal" }, refusal),
  );
}

/** One run: a line that says how it went and opens to its steps; below it what was said at its end. */
export function RunCard({ run, items, message, store, isLast, isRecent }) {
  const [chosen, setChosen] = useState(null);
  const { notices, steps, said } = partsOf(items);
  const isGoing = isOpen(run);
  const isShown = chosen ?? (isGoing || isLast || (isRecent && run.status === "failed"));
  const pill = pillOf(run);
  const logStep = logStepOf(steps);
  const log = hasLog(run) && jsx(LogView, { key: "log", execution: run.id, href: logOf(run), label: "Output of the run" });
  return jsx(
    "div",
    { className: "run", role: "group", "data-status": run.status, "aria-label": `Run, ${run.status.replace("_", " ")}` },
    notices.map((item) => jsx(Step, { key: item.id, item })),
    jsx(
      "button",
      { type: "button", className: "run-fold", "aria-expanded": isShown, onClick: () => setChosen(!isShown) },
      jsx("span", { className: "chevron", "aria-hidden": true }),
      run.status !== "completed" && jsx("span", { className: "mark", "data-kind": shapeOf(run), "aria-hidden": true }),
      jsx("span", { className: "run-state" }, stateOf(run)),
      isGoing && run.startedAt && jsx(Elapsed, { since: run.startedAt }),
      jsx("span", null, factsOf(run, steps)),
      pill && jsx("span", { className: "pill", "data-kind": "failed" }, pill),
      run.endedAt && jsx("span", { className: "run-ago" }, jsx(Ago, { at: run.endedAt })),
    ),
    isShown && (steps.length > 0 || log) &&
      jsx(
        "div",
        { className: "steps" },
        steps.map((item) => jsx(Step, { key: item.id, item, log: item.id === logStep && log })),
        !logStep && log,
      ),
    isShown && run.files.length > 0 && jsx(Files, { run, store }),
    jsx(Aftermath, { run, message, store }),
    said.map((item) => jsx(Step, { key: item.id, item })),
  );
}

const FEW = 5;

/** The files that a run changed; the inspector has all of them with what changed in them. */
function Files({ run, store }) {
  const more = run.files.length - FEW;
  return jsx(
    "ul",
    { className: "files", "aria-label": "Changed files" },
    run.files.slice(0, FEW).map((file) =>
      jsx(
        "li",
        { key: file.path },
        jsx("button", { type: "button", className: "file-name", onClick: () => store.inspect?.(run.id, file.path) }, jsx(Masked, { text: file.path })),
        jsx(Counts, { file }),
      ),
    ),
    more > 0 &&
      jsx(
        "li",
        null,
        jsx("button", { type: "button", className: "text-btn", onClick: () => store.inspect?.(run.id) }, `${count(more, "more file")}`),
      ),
  );
}

/** How many lines came and went; a binary file has none. */
export const Counts = ({ file }) =>
  file.additions < 0
    ? jsx("span", { className: "text-tx3" }, "binary")
    : jsx(
        "span",
        { className: "counts" },
        jsx("span", { className: "text-green" }, `+${file.additions}`),
        jsx("span", { className: "text-red" }, `−${file.deletions}`),
      );
