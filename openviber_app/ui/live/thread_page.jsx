import { jsx } from "@emotion/react";
import { useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { Link, useLocation } from "react-router";
import { onlyReads, useAccess } from "./access.js";
import { Composer } from "./composer.jsx";
import { Inspector, useInspector } from "./inspector.jsx";
import { request } from "./request.js";
import { knownRow } from "./thread_cache.js";
import { ThreadHeader } from "./thread_header.jsx";
import { ThreadStore } from "./thread_store.js";
import { Timeline } from "./timeline.jsx";
import { isOpen, refusalOf } from "./words.js";

/** The height that a phone's keyboard leaves; the page then ends above it. */
function useKeyboard(page) {
  useEffect(() => {
    const view = window.visualViewport;
    if (!view) return undefined;
    const fit = () => {
      const hidden = window.innerHeight - view.height;
      if (page.current) page.current.style.height = hidden > 80 && view.scale === 1 ? `${view.height}px` : "";
    };
    view.addEventListener("resize", fit);
    return () => view.removeEventListener("resize", fit);
  }, [page]);
}

const Missing = () =>
  jsx(
    "div",
    { className: "m-auto p-6" },
    jsx("h1", { className: "text-[15px] font-semibold mb-1" }, "There is no such thread"),
    jsx("p", { className: "text-tx2 mb-4" }, "It was deleted, or it is not yours."),
    jsx(Link, { to: "/", className: "btn" }, "To the board"),
  );

/** Why nothing can be sent, in the composer's place; what was typed there is kept. */
const Resting = ({ text, action, onClick }) =>
  jsx(
    "div",
    { className: "composer resting", role: "status" },
    jsx("p", null, text),
    jsx("button", { type: "button", className: "btn", onClick }, action),
  );

function Opened({ id }) {
  const store = useMemo(() => new ThreadStore(id), [id]);
  useEffect(() => store.start(), [store]);
  const state = useSyncExternalStore(store.subscribe, store.get, store.get);
  const { thread, blocks } = state;
  const row = useMemo(() => knownRow(id), [id]);
  const head = thread ?? row; // the list's row, until the board has told the rest
  const run = ThreadStore.runOf(state);
  const { canRun, owner } = useAccess(head?.environmentId, head?.canRun);
  const inspector = useInspector();
  const [chosen, setChosen] = useState(null);
  const [refusal, setRefusal] = useState("");
  const page = useRef(null);
  useKeyboard(page);
  store.inspect = (runId, path) => {
    setChosen({ run: runId, path });
    inspector.open("changes");
  };
  useEffect(() => {
    if (!head) return;
    const counts = /^\(\d+\) /.exec(document.title)?.[0] ?? "";
    document.title = `${counts}${head.title} · OpenViber`;
  }, [head?.title]);
  const tell = (work) => async () => {
    setRefusal("");
    try {
      await work();
    } catch (problem) {
      setRefusal(refusalOf(problem));
    }
  };
  const act = {
    stop: tell(async () => store.take((await request("POST", `${store.path}/stop`)).thread)),
    archive: tell(() => store.change({ status: "archived" })),
    activate: tell(() => store.change({ status: "active" })),
    pause: tell(() => store.change({ status: "paused" })),
    tell: setRefusal,
  };
  if (state.isMissing) return jsx(Missing);
  const isGoing = isOpen(run);
  const ended = blocks.findLast((block) => block.run?.endedAt)?.run;
  return jsx(
    "div",
    { ref: page, className: "thread-page" },
    jsx(
      "div",
      { className: "thread-column" },
      head
        ? jsx(ThreadHeader, { thread: head, run, store, inspector, act, canRun })
        : jsx("div", { className: "thread-head" }, state.problem && jsx("p", { role: "alert", className: "refusal" }, state.problem)),
      head && !thread && state.problem && jsx("p", { role: "alert", className: "thread-refusal" }, state.problem),
      refusal &&
        jsx(
          "p",
          { role: "alert", className: "thread-refusal" },
          jsx("span", { className: "flex-1" }, refusal),
          jsx("button", { type: "button", className: "text-btn", onClick: () => setRefusal("") }, "Dismiss"),
        ),
      jsx(Timeline, { store }),
      head &&
        jsx(
          "div",
          { className: "thread-foot" },
          head.waitsFor && jsx("p", { role: "status", className: "waits-for" }, `Waits for ${head.waitsFor}`),
          !canRun
            ? jsx("p", { role: "status", className: "only-read" }, onlyReads(owner))
            : head.status === "archived"
            ? jsx(Resting, {
                text: "This thread is archived: its workspace was given back, so nothing can be sent. The node keeps its work.",
                action: "Restore",
                onClick: act.activate,
              })
            : jsx(Composer, {
                thread: id,
                environment: head.environmentId,
                isNew: !state.isLoading && blocks.length === 0,
                isGoing,
                onStop: act.stop,
              }),
          canRun && head.status === "paused" &&
            jsx(
              "p",
              { className: "paused" },
              "Paused: what you send waits. ",
              jsx("button", { type: "button", className: "btn btn-small", onClick: act.activate }, "Resume"),
            ),
        ),
    ),
    thread && jsx(Inspector, { thread, run, store, inspector, chosen, version: `${ended?.id}${ended?.seq}${thread.bindingId}` }),
  );
}

/** The page of the thread that the address names. */
export function ThreadPage() {
  const id = useLocation().pathname.split("/")[2] ?? "";
  return jsx(Opened, { key: id, id });
}
