import { jsx } from "@emotion/react";
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { useLocation } from "react-router";
import { Icon } from "$/public/external/openviber_app/ui/kit/icons.jsx";
import { useShortcut } from "$/public/external/openviber_app/ui/kit/shortcuts.js";
import { request } from "$/public/external/openviber_app/ui/live/request.js";
import { cacheOf } from "$/public/external/openviber_app/ui/live/thread_cache.js";
import { Found, useFound } from "./thread_found.jsx";
import { drawnOf, placeOf, planOf } from "./thread_plan.js";
import { ThreadRow } from "./thread_row.jsx";

const SIZES = { desktop: { row: 47, heading: 30 }, phone: { row: 61, heading: 34 } };
const MARGIN = 400; // px drawn above and below what is seen
const WORDS = "openviber:thread-search";

const media = typeof window === "undefined" ? null : matchMedia("(max-width: 767px)");
const useSizes = () => {
  const watch = (changed) => {
    media.addEventListener("change", changed);
    return () => media.removeEventListener("change", changed);
  };
  const isPhone = useSyncExternalStore(watch, () => media.matches, () => false);
  return SIZES[isPhone ? "phone" : "desktop"];
};

const useNow = () => {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 30_000);
    return () => clearInterval(timer);
  }, []);
  return now;
};

/** The open thread is read, now and whenever its run ends while somebody looks. */
const useReading = (selected, row, cache) => {
  const kept = useRef("");
  const isUnread = row?.isUnread;
  useEffect(() => {
    if (!selected) kept.current = "";
    if (!selected || isUnread === false || kept.current === selected) return;
    const read = () => {
      if (document.hidden) return;
      request("PATCH", `/api/threads/${selected}`, { isUnread: false }).then(() => cache.refresh(), () => {});
    };
    read();
    document.addEventListener("visibilitychange", read);
    return () => document.removeEventListener("visibilitychange", read);
  }, [selected, isUnread]);
  return (id) => {
    kept.current = id;
  };
};

const findRow = (cache, drawn, id) => {
  for (const stretch of drawn)
    for (let n = stretch.begin; n < stretch.end; n++) {
      const row = cache.row(stretch.section, stretch.first + n);
      if (row?.id === id) return { row, position: stretch.position + n };
    }
  return null;
};

/** A person's threads in an environment: searched, grouped, and drawn only where one looks. */
export function ThreadList({ environment, name }) {
  const cache = useMemo(() => cacheOf(environment), [environment]);
  useSyncExternalStore(cache.subscribe, () => cache.version, () => 0);
  const { pathname } = useLocation();
  const selected = pathname.startsWith("/threads/") ? pathname.split("/")[2] : "";
  const sizes = useSizes();
  const now = useNow();
  const host = useRef(null);
  const field = useRef(null);
  const [view, setView] = useState({ top: 0, height: 800 });
  const [isArchiveOpen, setArchiveOpen] = useState(false);
  const [words, setWords] = useState("");
  const [isEverywhere, setEverywhere] = useState(false);
  const [cursor, setCursor] = useState(-1);
  const toFocus = useRef(false);
  const [answer, more] = useFound(words.trim(), isEverywhere ? "" : environment, cache.version);
  const isSearching = Boolean(words.trim());

  const plan = useMemo(() => planOf(cache.counts, { ...sizes, isArchiveOpen }), [cache.counts, sizes, isArchiveOpen]);
  const drawn = drawnOf(plan, { from: view.top - MARGIN, to: view.top + view.height + MARGIN, row: sizes.row });
  const open = findRow(cache, drawn, selected);
  const keepUnread = useReading(selected, open?.row, cache);

  const wanted = JSON.stringify(drawn.filter((s) => s.section).map((s) => [s.section, s.first + s.begin, s.first + s.end]));
  useEffect(() => {
    if (environment) cache.want(cache.isLoaded ? JSON.parse(wanted) : [["recent", 0, 1]]);
  }, [cache, wanted, cache.isLoaded, environment]);

  const look = useCallback(() => {
    const at = host.current;
    if (at) setView({ top: at.scrollTop, height: at.clientHeight });
  }, []);
  useLayoutEffect(() => {
    if (!host.current) return;
    host.current.scrollTop = cache.scrollTop ?? 0;
    look();
    const grown = new ResizeObserver(look);
    grown.observe(host.current);
    return () => grown.disconnect();
  }, [cache, isSearching, cache.isLoaded]);

  useEffect(() => setWords(sessionStorage.getItem(WORDS) ?? ""), []);
  const type = (text) => {
    setWords(text);
    setCursor(-1);
    if (!text) setEverywhere(false);
    if (text) sessionStorage.setItem(WORDS, text);
    else sessionStorage.removeItem(WORDS);
  };

  const total = isSearching ? (answer?.rows.length ?? 0) : plan.positions;
  const move = (by) => {
    if (!total) return;
    const from = cursor >= 0 ? cursor : open ? open.position : by > 0 ? -1 : total;
    const next = Math.max(0, Math.min(total - 1, from + by));
    toFocus.current = true;
    setCursor(next);
    const place = isSearching ? null : placeOf(plan, next, sizes.row);
    const at = host.current;
    if (place && at) {
      const bottom = place.top + sizes.row;
      if (place.top - sizes.heading < at.scrollTop) at.scrollTop = place.top - sizes.heading;
      else if (bottom > at.scrollTop + at.clientHeight) at.scrollTop = bottom - at.clientHeight;
      look();
    }
  };
  const root = useRef(null);
  useEffect(() => {
    if (!toFocus.current || cursor < 0) return;
    const link = root.current?.querySelector(`[data-position="${cursor}"] a`);
    if (!link) return; // its page is on the way
    toFocus.current = false;
    link.focus({ preventScroll: !isSearching });
  });
  useShortcut("j", () => move(1));
  useShortcut("k", () => move(-1));
  useShortcut("Enter", () => root.current?.querySelector(`[data-position="${cursor}"] a`)?.click());
  useShortcut("/", () => {
    field.current?.focus();
    field.current?.select();
  });

  const rowOf = (stretch, n) => {
    const index = stretch.first + n;
    const thread = cache.row(stretch.section, index);
    const style = { top: stretch.top + n * sizes.row, height: sizes.row };
    if (!thread) return jsx("div", { key: `${stretch.section}${index}`, className: "side-row row-empty", style });
    return jsx(ThreadRow, {
      key: thread.id,
      cache,
      thread,
      now,
      style,
      isSelected: thread.id === selected,
      position: stretch.position + n,
      place: [n + 1, stretch.count],
      onFocus: setCursor,
      onKeepUnread: keepUnread,
    });
  };
  const part = (stretch) => {
    if (stretch.section) {
      const rows = [];
      for (let n = stretch.begin; n < stretch.end; n++) rows.push(rowOf(stretch, n));
      return jsx("div", { key: `${stretch.of} rows`, role: "list", "aria-label": stretch.of }, rows);
    }
    const style = { top: stretch.top, height: sizes.heading };
    if (stretch.name !== "archived")
      return jsx("div", { key: stretch.name, role: "presentation", className: "threads-head", style },
        jsx("h3", null, stretch.title));
    return jsx(
      "button",
      {
        key: stretch.name,
        type: "button",
        className: "threads-head",
        style,
        "aria-expanded": isArchiveOpen,
        onClick: () => setArchiveOpen(!isArchiveOpen),
      },
      jsx("span", { className: "flex-1 text-left" }, stretch.title),
      stretch.count,
      jsx(Icon, { name: isArchiveOpen ? "chevron-down" : "chevron-right", size: 12 }),
    );
  };
  const list = !cache.isLoaded
    ? jsx("div", { className: "flex-1" }, cache.problem && jsx("p", { role: "alert", className: "nav-head" }, cache.problem))
    : jsx(
        "div",
        {
          ref: host,
          className: "threads-scroll",
          tabIndex: -1,
          onScroll: () => {
            cache.scrollTop = host.current.scrollTop;
            look();
          },
        },
        plan.height
          ? jsx(
              "div",
              { role: "group", "aria-label": "Threads", className: "relative", style: { height: plan.height } },
              drawn.map(part),
            )
          : jsx("p", { className: "threads-none" }, "No threads yet. Each one works on a branch of its own."),
      );
  return jsx(
    "div",
    { ref: root, className: "threads", "aria-busy": Boolean(environment) && !cache.isLoaded },
    jsx(
      "div",
      { className: "threads-search", role: "search" },
      jsx(Icon, { name: "search" }),
      jsx("input", {
        ref: field,
        type: "text",
        inputMode: "search",
        enterKeyHint: "search",
        value: words,
        maxLength: 200,
        placeholder: "Search threads",
        "aria-label": "Search threads",
        autoComplete: "off",
        spellCheck: false,
        onChange: (event) => type(event.target.value),
        onKeyDown: (event) => {
          if (event.key === "Escape") {
            event.preventDefault();
            if (words) type("");
            else field.current.blur();
          } else if (event.key === "ArrowDown") {
            event.preventDefault();
            move(1);
          }
        },
      }),
      words
        ? jsx(
            "button",
            {
              type: "button",
              className: "btn btn-quiet btn-icon",
              "aria-label": "Clear the search",
              onClick: () => {
                type("");
                field.current.focus();
              },
            },
            jsx(Icon, { name: "x" }),
          )
        : jsx("kbd", { className: "kbd max-md:!hidden", "aria-hidden": true }, "/"),
    ),
    isSearching
      ? jsx(Found, {
          answer,
          more,
          cache,
          now,
          selected,
          scope: isEverywhere ? "anywhere" : `in ${name}`,
          onEverywhere: !isEverywhere && answer && !answer.next ? () => setEverywhere(true) : null,
          onFocus: setCursor,
          onKeepUnread: keepUnread,
        })
      : list,
  );
}
