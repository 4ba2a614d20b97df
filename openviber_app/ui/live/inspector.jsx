import { jsx } from "@emotion/react";
import { useEffect, useRef, useState } from "react";
import { Link, useLocation, useNavigate } from "react-router";
import { Icon } from "$/public/external/openviber_app/ui/kit/icons.jsx";
import { Ago } from "./ago.jsx";
import { LogView } from "./log_view.jsx";
import { drawnWords } from "./redacted.js";
import { Masked } from "./redacted.jsx";
import { request } from "./request.js";
import { Counts } from "./run_card.jsx";
import { duration, refusalOf } from "./words.js";

const TABS = { changes: "Changes", setup: "Setup" };
const CLOSED = "openviber:inspector-closed";
const DOCKED = "(min-width: 1280px)";

const addressOf = (location, tab) => {
  const search = new URLSearchParams(location.search);
  if (tab) search.set("inspector", tab);
  else search.delete("inspector");
  const text = search.toString();
  return location.pathname + (text ? `?${text}` : "");
};

/** Which tab is shown and whether: in the address; docked, open unless it was closed here before. */
export function useInspector() {
  const location = useLocation();
  const navigate = useNavigate();
  const [isDocked, setDocked] = useState(() => matchMedia(DOCKED).matches);
  const [isClosed, setClosed] = useState(() => localStorage.getItem(CLOSED) === "1");
  useEffect(() => {
    const media = matchMedia(DOCKED);
    const changed = () => setDocked(media.matches);
    media.addEventListener("change", changed);
    return () => media.removeEventListener("change", changed);
  }, []);
  const asked = new URLSearchParams(location.search).get("inspector");
  const named = asked in TABS ? asked : "";
  const isOpen = isDocked ? !isClosed || !!named : !!named;
  const remember = (value) => {
    if (!isDocked) return;
    setClosed(value);
    if (value) localStorage.setItem(CLOSED, "1");
    else localStorage.removeItem(CLOSED);
  };
  const close = () => {
    remember(true);
    if (named) navigate(addressOf(location, ""), { replace: isDocked });
  };
  const open = (tab = "changes") => {
    remember(false);
    navigate(addressOf(location, tab), { replace: isDocked });
  };
  return {
    isOpen,
    isDocked,
    tab: named || "changes",
    hrefOf: (tab) => addressOf(location, tab),
    open,
    close,
    toggle: () => (isOpen ? close() : open()),
  };
}

/** An answer of the board, asked for again whenever `version` changes; the old one stays meanwhile. */
function useAnswer(path, version) {
  const [state, setState] = useState({ path: "", answer: null, refusal: "" });
  useEffect(() => {
    if (!path) return undefined;
    let isOver = false;
    request("GET", path).then(
      (answer) => !isOver && setState({ path, answer, refusal: "" }),
      (problem) => !isOver && setState((before) => ({ ...before, path, refusal: before.answer ? "" : refusalOf(problem) })),
    );
    return () => {
      isOver = true;
    };
  }, [path, version]);
  return state.path === path ? state : { answer: null, refusal: "" };
}

const Empty = ({ title, children }) =>
  jsx("div", { className: "inspector-empty" }, jsx("p", { className: "font-medium" }, title), jsx("p", null, children));

const SIGNS = { added: "A", modified: "M", deleted: "D", renamed: "R", type_changed: "T" };
const SAID = { added: "added", modified: "changed", deleted: "deleted", renamed: "renamed", type_changed: "kind changed" };

const FileRow = ({ file, isChosen }) =>
  jsx(
    "li",
    { className: "changed-file", "data-chosen": isChosen || undefined, title: drawnWords(file.oldPath ? `${file.oldPath} → ${file.path}` : file.path) },
    jsx("abbr", { className: "file-sign", "data-status": file.status, title: SAID[file.status] }, SIGNS[file.status] ?? "M"),
    jsx("span", { className: "file-path" }, jsx(Masked, { text: file.path })),
    jsx(Counts, { file }),
  );

const totalOf = (files) => ({
  additions: files.reduce((sum, file) => sum + Math.max(0, file.additions), 0),
  deletions: files.reduce((sum, file) => sum + Math.max(0, file.deletions), 0),
});

function Changes({ store, version, chosen }) {
  const { answer, refusal } = useAnswer(`${store.path}/changes`, version);
  const list = useRef(null);
  useEffect(() => {
    list.current?.querySelector("[data-chosen]")?.scrollIntoView({ block: "nearest" });
  }, [chosen, answer]);
  if (refusal) return jsx("p", { role: "alert", className: "refusal p-3" }, refusal);
  if (!answer) return null;
  if (!answer.runs.length)
    return jsx(Empty, { title: "No changes yet", children: "Files that runs of this thread add, change or delete are listed here." });
  return jsx(
    "div",
    { ref: list },
    jsx(
      "section",
      { "aria-label": "All changes" },
      jsx(
        "h2",
        { className: "changes-head" },
        jsx("span", { className: "flex-1" }, `${answer.files.length} ${answer.files.length === 1 ? "file" : "files"} in all`),
        jsx(Counts, { file: totalOf(answer.files) }),
      ),
      jsx("ul", null, answer.files.map((file) => jsx(FileRow, { key: file.path, file }))),
    ),
    answer.runs.map((run) =>
      jsx(
        "section",
        { key: run.runId, className: "changes-run", "aria-label": `Changes of ${run.text}` },
        jsx(
          "h2",
          { className: "changes-head" },
          jsx("code", { className: "step-what flex-1", title: run.text }, run.text),
          jsx("span", { className: "text-tx3" }, jsx(Ago, { at: run.endedAt })),
          jsx(Counts, { file: totalOf(run.files) }),
        ),
        jsx(
          "ul",
          null,
          run.files.map((file) =>
            jsx(FileRow, {
              key: file.path,
              file,
              isChosen: chosen?.run === run.runId && (!chosen.path || chosen.path === file.path),
            }),
          ),
        ),
      ),
    ),
    answer.more && jsx("p", { className: "inspector-note" }, "Only the last 50 runs that changed files are counted."),
  );
}

const PHASES = {
  resolve: "Find the branch",
  fetch: "Fetch the repository",
  checkout: "Check the files out",
  inject: "Put variables in",
  setup: "Run the set-up",
  check: "Check",
};
const SHAPES = { running: "busy", done: "done", failed: "failed" };
const timeOf = ({ status, durationMs }) =>
  status === "running" || status === "skipped" || durationMs == null ? status : duration(durationMs);
const PREPARED = {
  succeeded: ["ready", "Ready"],
  failed: ["failed", "Failed"],
  cancelled: ["off", "Cancelled"],
  interrupted: ["warn", "Interrupted"],
  lost: ["warn", "Lost"],
};

function Setup({ thread, run, version }) {
  const bindingId = thread.bindingId ?? run?.bindingId;
  const binding = useAnswer(bindingId ? `/api/bindings/${bindingId}` : "", version);
  const last = binding.answer?.lastPrepareId;
  const { answer: prepare, refusal } = useAnswer(last ? `/api/prepares/${last}` : "", version);
  if (!bindingId)
    return jsx(Empty, { title: "No workspace yet", children: "With its first run the thread gets a workspace; how it was set up is told here." });
  if (refusal || binding.refusal) return jsx("p", { role: "alert", className: "refusal p-3" }, refusal || binding.refusal);
  if (!prepare) return null;
  const [kind, word] = PREPARED[prepare.status] ?? ["busy", "Preparing"];
  const { steps = [], commit, detected = [] } = prepare.receipt;
  return jsx(
    "div",
    { className: "setup" },
    jsx(
      "h2",
      { className: "changes-head" },
      jsx("span", { className: "flex-1" }, `${binding.answer.nodeName}, attempt ${prepare.attempt}`),
      jsx("span", { className: "pill", "data-kind": kind }, jsx("span", { className: "mark", "data-kind": kind, "aria-hidden": true }), word),
      jsx("span", { className: "text-tx3" }, jsx(Ago, { at: prepare.endedAt ?? prepare.createdAt })),
    ),
    prepare.message && jsx("p", { className: "inspector-note" }, jsx(Masked, { text: prepare.message })),
    jsx(
      "ul",
      { className: "setup-phases", "aria-label": "Phases" },
      prepare.phases.map((phase) =>
        jsx(
          "li",
          { key: phase.name, className: "step-line" },
          jsx("span", { className: "mark", "data-kind": SHAPES[phase.status] ?? "off", "aria-hidden": true }),
          jsx("span", { className: "flex-none" }, PHASES[phase.name] ?? phase.name),
          jsx("span", { className: "step-detail", title: drawnWords(phase.detail) }, jsx(Masked, { text: phase.detail })),
          jsx("span", { className: "step-time" }, timeOf(phase)),
        ),
      ),
    ),
    (commit || detected.length > 0 || thread.workingDir) &&
      jsx(
        "dl",
        { className: "setup-facts" },
        commit && [jsx("dt", { key: "c" }, "Commit"), jsx("dd", { key: "cc", className: "mono" }, commit.slice(0, 12))],
        detected.length > 0 && [jsx("dt", { key: "d" }, "Found"), jsx("dd", { key: "dd" }, jsx(Masked, { text: detected.join(", ") }))],
        thread.workingDir && [jsx("dt", { key: "w" }, "Works in"), jsx("dd", { key: "ww", className: "mono" }, jsx(Masked, { text: thread.workingDir }))],
      ),
    steps.length > 0 &&
      jsx(
        "ul",
        { className: "setup-steps", "aria-label": "Commands" },
        steps.map((step, index) =>
          jsx(
            "li",
            { key: index, className: "step-line" },
            jsx("span", { className: "mark", "data-kind": step.exitCode ? "failed" : "done", "aria-hidden": true }),
            jsx("code", { className: "step-what", title: drawnWords(step.command) }, jsx(Masked, { text: step.command })),
            step.exitCode ? jsx("span", { className: "pill", "data-kind": "failed" }, `exit ${step.exitCode}`) : null,
            jsx("span", { className: "flex-1" }),
            jsx("span", { className: "step-time" }, duration(step.durationMs)),
          ),
        ),
      ),
    jsx(LogView, { execution: last, href: `/api/prepares/${last}/log`, label: "Log of the set-up" }),
  );
}

/** What a thread changed and how it was set up: a column beside it, or a sheet over it. */
export function Inspector({ thread, run, store, inspector, version, chosen }) {
  const box = useRef(null);
  const { isOpen, isDocked, tab } = inspector;
  const isSheet = isOpen && !isDocked;
  const came = useRef(null);
  useEffect(() => {
    if (!isSheet) return undefined;
    came.current = document.activeElement;
    box.current.focus();
    return () => came.current?.focus?.();
  }, [isSheet]);
  if (!isOpen) return null;
  return jsx(
    "div",
    { className: isDocked ? "inspector-place" : "inspector-place inspector-over" },
    isSheet && jsx("div", { className: "inspector-shade", onClick: inspector.close }),
    jsx(
      "section",
      {
        ref: box,
        className: "inspector",
        role: isSheet ? "dialog" : undefined,
        "aria-modal": isSheet || undefined,
        "aria-label": "Changes and set-up",
        tabIndex: -1,
        onKeyDown: (event) => {
          if (!isSheet || event.key !== "Escape") return;
          event.stopPropagation();
          inspector.close();
        },
      },
      jsx(
        "nav",
        { className: "inspector-tabs", "aria-label": "Inspector" },
        Object.entries(TABS).map(([name, label]) =>
          jsx(
            Link,
            { key: name, to: inspector.hrefOf(name), replace: true, className: "inspector-tab", "aria-current": name === tab ? "page" : undefined },
            label,
          ),
        ),
        jsx("span", { className: "flex-1" }),
        jsx("button", { type: "button", className: "btn btn-quiet btn-icon", "aria-label": "Close", onClick: inspector.close }, jsx(Icon, { name: "x" })),
      ),
      jsx(
        "div",
        { className: "inspector-body", tabIndex: 0, role: "region", "aria-label": TABS[tab] },
        tab === "setup" ? jsx(Setup, { thread, run, version }) : jsx(Changes, { store, version, chosen }),
      ),
    ),
  );
}
