import { jsx } from "@emotion/react";
import { useEffect, useRef, useState } from "react";
import { Link } from "react-router";
import { Menu } from "$/public/external/openviber_app/ui/kit/menu.jsx";
import { MaskedPieces } from "$/public/external/openviber_app/ui/live/redacted.jsx";
import { refusalOf } from "$/public/external/openviber_app/ui/live/words.js";
import * as actions from "./thread_actions.js";
import { factOf, isGoing, markOf, whenOf } from "./thread_words.js";

const Pieces = ({ pieces }) =>
  pieces.map((piece, n) => (n % 2 ? jsx("mark", { key: n, className: "found" }, piece) : piece));

/** The thread's name as a field: Enter keeps it, Escape leaves it as it was. */
function Renaming({ cache, thread, onEnd }) {
  const field = useRef(null);
  const isOver = useRef(false);
  const [refusal, setRefusal] = useState("");
  useEffect(() => field.current.select(), []);
  const end = () => {
    isOver.current = true;
    onEnd();
  };
  const keep = async () => {
    const title = field.current?.value.trim();
    if (isOver.current) return;
    if (title === thread.title) return end();
    try {
      await actions.rename(cache, thread, title);
      end();
    } catch (problem) {
      setRefusal(refusalOf(problem));
      field.current?.focus();
    }
  };
  return jsx(
    "span",
    { className: "min-w-0 flex-1" },
    jsx("input", {
      ref: field,
      className: "row-rename",
      "aria-label": "Thread's name",
      "aria-invalid": Boolean(refusal),
      defaultValue: thread.title,
      onBlur: () => !refusal && keep(),
      onKeyDown: (event) => {
        if (event.key === "Enter" && !event.nativeEvent.isComposing) keep();
        else if (event.key === "Escape") end();
      },
    }),
    refusal && jsx("span", { role: "alert", className: "row-facts text-red" }, refusal),
  );
}

/** What this person may do with it: who only looks keeps their own marks, and changes nothing. */
const itemsOf = (cache, thread, { rename, keepUnread }) => {
  const isArchived = thread.status === "archived";
  const isBusy = isGoing(thread);
  const { canRun } = thread;
  return [
    canRun && { label: "Rename", icon: "edit", onSelect: rename },
    !isArchived && {
      label: thread.isPinned ? "Unpin" : "Pin",
      icon: "pin",
      onSelect: () => actions.pin(cache, thread, !thread.isPinned),
    },
    thread.isUnread
      ? { label: "Mark as read", icon: "check", onSelect: () => actions.markUnread(cache, thread, false) }
      : { label: "Mark as unread", icon: "thread", onSelect: keepUnread },
    { label: "Copy link", icon: "link", onSelect: () => actions.copyLink(thread) },
    canRun && { isLine: true },
    canRun && (isArchived
      ? { label: "Restore", icon: "restore", onSelect: () => actions.restore(cache, thread) }
      : {
          label: "Archive",
          icon: "archive",
          isDisabled: isBusy,
          note: isBusy ? "stop the run first" : "",
          onSelect: () => actions.archive(cache, thread),
        }),
  ].filter(Boolean);
};

/** One thread. `found` pieces come from a search: every second one is a match. */
export function ThreadRow({ cache, thread, now, isSelected, position, place, style, onKeepUnread, onFocus }) {
  const link = useRef(null);
  const [isRenaming, setRenaming] = useState(false);
  const [menuAt, setMenuAt] = useState(null);
  const [isMenuOpen, setMenuOpen] = useState(false);
  const fact = factOf(thread);
  const snippet = thread.found?.snippet ?? [];
  const isUnread = thread.isUnread && !isSelected;
  const menu = (event) => {
    event.preventDefault();
    const { clientX: x, clientY: y } = event;
    setMenuAt({ getBoundingClientRect: () => new DOMRect(x, y, 0, 0) });
    setMenuOpen(true);
  };
  const keepUnread = () => {
    onKeepUnread?.(thread.id);
    actions.markUnread(cache, thread, true);
  };
  const wasRenaming = useRef(false);
  useEffect(() => {
    if (wasRenaming.current && !isRenaming) link.current?.focus();
    wasRenaming.current = isRenaming;
  }, [isRenaming]);
  const facts = jsx(
    "span",
    { className: "row-facts" },
    jsx("time", { dateTime: thread.lastMessageAt, title: new Date(thread.lastMessageAt).toLocaleString() },
      whenOf(thread.lastMessageAt, now)),
    thread.nodeName && ` · ${thread.nodeName}`,
    fact.text && " · ",
    fact.text && jsx("span", { "data-kind": fact.kind }, fact.text),
  );
  return jsx(
    "div",
    {
      role: "listitem",
      "aria-posinset": place?.[0],
      "aria-setsize": place?.[1],
      className: "side-row",
      style,
      "data-position": position,
      "data-selected": isSelected,
      "data-menu": isMenuOpen,
      onContextMenu: menu,
    },
    jsx("span", { className: "mark", "data-kind": markOf(thread), "aria-hidden": true }),
    isRenaming
      ? jsx(Renaming, { cache, thread, onEnd: () => setRenaming(false) })
      : jsx(
          Link,
          {
            ref: link,
            to: `/threads/${thread.id}`,
            className: "row-link",
            "aria-current": isSelected ? "page" : undefined,
            onFocus: () => onFocus?.(position),
            onKeyDown: (event) => event.key === "F2" && thread.canRun && setRenaming(true),
          },
          jsx(
            "span",
            { className: "row-title", "data-unread": isUnread, title: thread.title },
            thread.found?.title?.length ? jsx(Pieces, { pieces: thread.found.title }) : thread.title,
            isUnread && jsx("span", { className: "sr-only" }, ", unread"),
          ),
          facts,
          snippet.length > 0 && jsx("span", { className: "row-snippet" }, jsx(MaskedPieces, { pieces: snippet })),
        ),
    isUnread && jsx("span", { className: "row-unread", "aria-hidden": true }),
    !isRenaming &&
      jsx(Menu, {
        label: `Actions of ${thread.title}`,
        className: "row-more btn btn-quiet btn-icon",
        open: isMenuOpen,
        at: menuAt ?? undefined,
        onOpenChange: (next) => {
          if (!next) setMenuAt(null);
          setMenuOpen(next);
        },
        items: itemsOf(cache, thread, { rename: () => setRenaming(true), keepUnread }),
      }),
  );
}
