import { jsx } from "@emotion/react";
import { useEffect, useRef, useState } from "react";
import { Link } from "react-router";
import { Icon } from "$/public/external/openviber_app/ui/kit/icons.jsx";
import { Elapsed } from "./ago.jsx";
import { drawnWords } from "./redacted.js";
import { Masked } from "./redacted.jsx";
import { ThreadMenu } from "./thread_menu.jsx";
import { duration, isOpen, pillOf, refusalOf, shapeOf } from "./words.js";

const KINDS = { done: "ready", failed: "failed", warn: "warn", busy: "busy", "needs-you": "needs-you" };

/** What the thread does, as a word with its shape and its time. */
export function RunPill({ run, thread }) {
  if (thread.status === "archived") return jsx("span", { className: "pill", "data-kind": "off" }, "Archived");
  if (thread.status === "paused" && !isOpen(run)) return jsx("span", { className: "pill", "data-kind": "warn" }, "Paused");
  if (!run) return null;
  const shape = shapeOf(run);
  const words = {
    queued: run.stopRequestedAt ? "Stopping" : "Waiting",
    running: run.stopRequestedAt ? "Stopping" : "Running",
    waiting_approval: "Waiting for you",
    completed: "Done",
    failed: pillOf(run) || "Failed",
    stopped: "Stopped",
    lost: "Lost",
  };
  return jsx(
    "span",
    { className: "pill", "data-kind": KINDS[shape] ?? "off", title: drawnWords(run.message) || undefined },
    jsx("span", { className: "mark", "data-kind": shape, "aria-hidden": true }),
    words[run.status],
    isOpen(run)
      ? run.startedAt && [" · ", jsx(Elapsed, { key: "t", since: run.startedAt })]
      : run.durationMs != null && ` · ${duration(run.durationMs)}`,
  );
}

/** The title, edited where it stands: F2 or a click, Enter keeps, Escape leaves it as it was. */
function Title({ thread, store, isEditing, setEditing }) {
  const [text, setText] = useState("");
  const [refusal, setRefusal] = useState("");
  const button = useRef(null);
  const input = useRef(null);
  const isSaving = useRef(false);
  useEffect(() => {
    if (!isEditing) return;
    setText(thread.title);
    setRefusal("");
  }, [isEditing]);
  useEffect(() => {
    if (isEditing) input.current?.select();
  }, [isEditing]);
  const leave = () => {
    setEditing(false);
    setRefusal("");
    requestAnimationFrame(() => button.current?.focus());
  };
  const save = async () => {
    if (isSaving.current) return;
    if (text.trim() === thread.title) return leave();
    isSaving.current = true;
    try {
      await store.change({ title: text });
      leave();
    } catch (problem) {
      setRefusal(refusalOf(problem));
      input.current?.focus();
    }
    isSaving.current = false;
    return undefined;
  };
  if (!isEditing)
    return jsx(
      "h1",
      { className: "head-title" },
      jsx(
        "button",
        { ref: button, type: "button", title: "Rename (F2)", onClick: () => setEditing(true) },
        thread.title,
      ),
    );
  return jsx(
    "div",
    { className: "head-title" },
    jsx("input", {
      ref: input,
      value: text,
      autoFocus: true,
      "aria-label": "Title",
      "aria-invalid": !!refusal,
      "aria-describedby": refusal ? "title-refusal" : undefined,
      maxLength: 200,
      onChange: (event) => setText(event.target.value),
      onBlur: () => save(),
      onKeyDown: (event) => {
        if (event.key === "Enter" && !event.nativeEvent.isComposing) save();
        if (event.key !== "Escape") return;
        event.stopPropagation();
        leave();
      },
    }),
    refusal && jsx("p", { id: "title-refusal", role: "alert", className: "title-refusal" }, refusal),
  );
}

/** The head of a thread: what it is, what it does, where it works, what can be done with it. */
export function ThreadHeader({ thread, run, store, inspector, act, canRun = true }) {
  const [isEditing, setEditing] = useState(false);
  useEffect(() => {
    const rename = (event) => {
      if (!canRun || event.key !== "F2" || event.target.closest?.("input, textarea, [popover], dialog")) return;
      event.preventDefault();
      setEditing(true);
    };
    document.addEventListener("keydown", rename);
    return () => document.removeEventListener("keydown", rename);
  }, [canRun]);
  const where = [thread.startedBy && `by ${thread.startedBy}`, thread.branch, thread.nodeName].filter(Boolean).join(" · ");
  return jsx(
    "header",
    { className: "thread-head" },
    jsx(Link, { to: "/", className: "btn btn-quiet md:!hidden", "aria-label": "Back" }, jsx(Icon, { name: "back", size: 16 })),
    canRun
      ? jsx(Title, { thread, store, isEditing, setEditing })
      : jsx("h1", { className: "head-title" }, jsx("span", { className: "truncate" }, thread.title)),
    jsx(RunPill, { run, thread }),
    jsx("span", { className: "flex-1" }),
    where &&
      jsx(
        "span",
        { className: "thread-where", title: drawnWords(where) },
        thread.branch && jsx(Icon, { name: "branch", size: 11 }),
        jsx("span", null, jsx(Masked, { text: where })),
      ),
    canRun && isOpen(run) &&
      jsx(
        "button",
        { type: "button", className: "btn btn-small btn-danger max-md:!hidden", "aria-disabled": !!run.stopRequestedAt, onClick: act.stop },
        jsx(Icon, { name: "stop", size: 11, filled: true }),
        run.stopRequestedAt ? "Stopping" : "Stop",
      ),
    jsx(
      "button",
      {
        type: "button",
        className: "btn btn-quiet btn-icon",
        "aria-label": "Changes and set-up",
        "aria-expanded": inspector.isOpen,
        title: inspector.isOpen ? "Hide changes and set-up" : "Show changes and set-up",
        onClick: inspector.toggle,
      },
      jsx(Icon, { name: "panel", size: 15 }),
    ),
    jsx(ThreadMenu, { thread, run, act, canRun, rename: () => setEditing(true) }),
  );
}
