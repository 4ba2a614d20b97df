import { jsx } from "@emotion/react";
import { useEffect, useState } from "react";
import { Link, useLocation } from "react-router";
import { Icon } from "$/public/external/openviber_app/ui/kit/icons.jsx";
import { toast } from "$/public/external/openviber_app/ui/kit/toast.js";
import { Masked } from "$/public/external/openviber_app/ui/live/redacted.jsx";
import { request } from "$/public/external/openviber_app/ui/live/request.js";
import { refusalOf } from "$/public/external/openviber_app/ui/live/words.js";
import { whenOf } from "./thread_words.js";

const SEARCHED_FROM = 6; // fewer are seen at a glance

const mark = (id, change) => request("PATCH", `/api/environments/${id}/mark`, change);

/** Where choosing an environment leads: with nothing open, one stays on the first page. */
const useTarget = () => {
  const { pathname } = useLocation();
  return (id) => (pathname === "/" ? `/?environment=${id}` : `/environments/${id}`);
};

/** The environment that one is in is the one that the board opens with next time. */
export function CurrentEnvironment({ environment, current }) {
  const { pathname, search } = useLocation();
  const isNamed = pathname !== "/" || new URLSearchParams(search).get("environment") === environment;
  useEffect(() => {
    if (!environment || environment === current || !isNamed) return;
    mark(environment, { isCurrent: true }).catch(() => {}); // it is only for comfort
  }, [environment, isNamed]);
  return null;
}

function Star({ row, className }) {
  const [isPinned, setPinned] = useState(row.is_pinned);
  useEffect(() => setPinned(row.is_pinned), [row.is_pinned]);
  const toggle = async () => {
    setPinned(!isPinned);
    try {
      await mark(row.id, { isPinned: !isPinned });
    } catch (problem) {
      setPinned(isPinned);
      toast(refusalOf(problem));
    }
  };
  return jsx(
    "button",
    {
      type: "button",
      className: `star btn btn-quiet btn-icon ${className ?? ""}`,
      "aria-label": `Pin ${row.name}`,
      "aria-pressed": isPinned,
      onClick: toggle,
    },
    jsx(Icon, { name: "star", size: 13, filled: isPinned }),
  );
}

/** The sidebar's short list. */
export function EnvironmentNav({ rows }) {
  const target = useTarget();
  return (rows ?? []).map((row) =>
    jsx(
      "div",
      { key: row.id, className: "environment-row" },
      jsx(
        Link,
        { to: target(row.id), className: "environment-link", "aria-current": row.is_selected ? "true" : undefined },
        jsx("span", { className: "mark", "data-kind": row.mark, "aria-hidden": true }),
        jsx("span", { className: "truncate" }, row.name),
        jsx("span", { className: "sr-only" }, `, ${row.pill}`),
        row.shared_by && jsx("span", { className: "shared-by" }, `Shared by ${row.shared_by}`),
      ),
      jsx(Star, { row }),
    ),
  );
}

function Prepare({ row }) {
  const [isBusy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState("");
  const prepare = async () => {
    if (isBusy) return;
    setBusy(true);
    setRefusal("");
    try {
      await request("POST", `/api/bindings/${row.binding_id}/prepares`, {});
    } catch (problem) {
      setRefusal(refusalOf(problem));
    }
    setBusy(false);
  };
  return jsx(
    "span",
    { className: "environment-action" },
    refusal && jsx("span", { role: "alert", className: "text-red text-[11px]" }, refusal),
    jsx(
      "button",
      { type: "button", className: "btn", "aria-disabled": isBusy, "aria-label": `Prepare ${row.name}`, onClick: prepare },
      "Prepare",
    ),
  );
}

const actionOf = (row) => {
  if (!row.can_run || (row.shared_by && !row.is_mapped)) return null;
  if (!row.is_mapped)
    return jsx(
      Link,
      { to: `/environments/${row.id}?dialog=map`, className: "btn", "aria-label": `Map ${row.name} to a node` },
      "Map",
    );
  if (row.pill === "Stale" || row.pill === "Error") return jsx(Prepare, { row });
  return null;
};

const noteOf = (row) => {
  if (row.note) return jsx(Masked, { text: row.note });
  if (!row.is_mapped) return "not mapped to a node";
  if (!row.prepared_at) return row.node;
  const when = whenOf(row.prepared_at, Date.now());
  const exact = new Date(row.prepared_at).toLocaleString();
  const words = / (min|h)$/.test(when) ? `${when} ago` : when;
  return [`${row.node} · prepared `, jsx("time", { key: "at", dateTime: row.prepared_at, title: exact }, words)];
};

/** Every environment, with what it needs next. */
export function EnvironmentChoice({ rows }) {
  const [words, setWords] = useState("");
  const target = useTarget();
  const asked = words.toLowerCase().split(/\s+/).filter(Boolean);
  const shown = (rows ?? []).filter((row) => {
    const text = `${row.name} ${row.source} ${row.node} ${row.pill}`.toLowerCase();
    return asked.every((word) => text.includes(word));
  });
  return jsx(
    "div",
    { className: "environment-choice" },
    rows?.length >= SEARCHED_FROM &&
      jsx("input", {
        type: "text",
        className: "field",
        value: words,
        placeholder: "Search environments",
        "aria-label": "Search environments",
        autoComplete: "off",
        onChange: (event) => setWords(event.target.value),
      }),
    jsx(
      "nav",
      { "aria-label": "Choose an environment", className: "flex flex-col gap-2" },
      shown.map((row) =>
        jsx(
          "div",
          { key: row.id, className: "environment-card", "data-selected": row.is_selected },
          jsx("span", { className: "mark", "data-kind": row.mark, "aria-hidden": true }),
          jsx(
            Link,
            { to: target(row.id), className: "environment-name", "aria-current": row.is_selected ? "true" : undefined },
            jsx("span", { className: "block truncate font-medium" }, row.name),
            jsx("span", { className: "sr-only" }, `, ${row.pill}, `),
            row.shared_by && jsx("span", { className: "environment-note" }, `Shared by ${row.shared_by}`),
            jsx("span", { className: "environment-note" }, noteOf(row)),
          ),
          actionOf(row),
          jsx(Star, { row }),
        ),
      ),
      !shown.length && jsx("p", { className: "text-tx2" }, words ? "No environment has these words." : "No environments yet."),
    ),
  );
}
