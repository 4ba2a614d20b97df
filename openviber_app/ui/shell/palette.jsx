import { jsx } from "@emotion/react";
import { useEffect, useMemo, useRef, useState } from "react";
import { useNavigate } from "react-router";
import { openDialog } from "../kit/dialogs.js";
import { Icon } from "../kit/icons.jsx";
import { toast } from "../kit/toast.js";
import { request } from "../live/request.js";
import { environmentItem, sections, threadItem } from "./palette_items.js";
import { signOut, useTheme } from "./theme_choice.js";

const TYPING_MS = 120;
const THREADS = 8;

/** Environments once an opening; threads as the board finds them for what is typed. */
const useFound = (query, isOpen) => {
  const [environments, setEnvironments] = useState([]);
  const [threads, setThreads] = useState({ asked: "", rows: [] });
  const [problem, setProblem] = useState("");
  useEffect(() => {
    if (!isOpen) return;
    request("GET", "/api/environments").then(
      (answer) => setEnvironments(answer.environments.map(environmentItem)),
      (refusal) => setProblem(refusal.message),
    );
  }, [isOpen]);
  useEffect(() => {
    if (!isOpen) return undefined;
    let isStale = false;
    const ask = async () => {
      const words = new URLSearchParams({ search: query, limit: String(THREADS) });
      try {
        const answer = await request("GET", `/api/threads?${words}`);
        if (isStale) return;
        setThreads({ asked: query, rows: answer.threads.map(threadItem) });
        setProblem("");
      } catch (refusal) {
        if (!isStale) setProblem(refusal.message);
      }
    };
    const timer = setTimeout(ask, query ? TYPING_MS : 0);
    return () => {
      isStale = true;
      clearTimeout(timer);
    };
  }, [query, isOpen]);
  return { environments, threads, problem };
};

const Row = ({ item, isAt, onChoose, onPoint }) =>
  jsx(
    "div",
    {
      id: `palette-${item.id}`,
      role: "option",
      "aria-selected": isAt,
      className: "palette-row",
      onClick: onChoose,
      onPointerMove: onPoint,
    },
    item.mark
      ? jsx("span", { className: "mark", "data-kind": item.mark, "aria-hidden": true })
      : jsx(Icon, { name: item.icon, className: "text-tx3" }),
    jsx("span", { className: "truncate" }, item.label),
    item.note && jsx("span", { className: "palette-note" }, item.note),
    jsx("span", { className: "flex-1" }),
    item.key && jsx("kbd", { className: "kbd" }, item.key),
  );

/** One field that finds threads, environments, pages and things to do. */
export function Palette({ environment, isOpen }) {
  const [query, setQuery] = useState("");
  const [chosen, setChosen] = useState(""); // by id: rows that arrive late must not move it
  const field = useRef(null);
  const list = useRef(null);
  const navigate = useNavigate();
  const { shown, choose } = useTheme();
  const { environments, threads, problem } = useFound(query.trim(), isOpen);
  const found = useMemo(
    () => sections({ query: query.trim(), environment, theme: shown, environments, threads }),
    [query, environment, shown, environments, threads],
  );
  const items = found.flatMap(([, rows]) => rows);
  const place = items.length ? Math.max(0, items.findIndex((item) => item.id === chosen)) : -1;
  useEffect(() => {
    if (!isOpen) return;
    setQuery("");
    setChosen("");
    field.current?.focus();
  }, [isOpen]);
  useEffect(() => {
    list.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  }, [place, found]);
  const take = (item) => {
    if (!item) return;
    if (item.dialog) return openDialog(item.dialog);
    if (item.href) return navigate(item.href, { replace: true }); // the palette is no place to come back to
    if (item.does === "theme") choose(shown === "dark" ? "light" : "dark");
    if (item.does === "sign-out") signOut(request).catch((refusal) => toast(`Not signed out: ${refusal.message}`));
  };
  const keyed = (event) => {
    if (event.nativeEvent.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && items.length) setChosen(items[(place + step + items.length) % items.length].id);
    else if (event.key === "Enter") take(items[place]);
    else return;
    event.preventDefault();
  };
  let number = -1;
  return jsx(
    "div",
    null,
    jsx(
      "div",
      { className: "palette-head" },
      jsx(Icon, { name: "search", size: 16, className: "text-tx3" }),
      jsx("input", {
        ref: field,
        type: "text",
        role: "combobox",
        autoComplete: "off",
        spellCheck: false,
        "aria-label": "Search and commands",
        "aria-expanded": true,
        "aria-controls": "palette-list",
        "aria-autocomplete": "list",
        "aria-activedescendant": items[place] ? `palette-${items[place].id}` : undefined,
        placeholder: "Find a thread, an environment, a command…",
        value: query,
        onChange: (event) => {
          setQuery(event.target.value);
          setChosen("");
        },
        onKeyDown: keyed,
      }),
      jsx("kbd", { className: "kbd" }, "Esc"),
    ),
    jsx(
      "div",
      { id: "palette-list", ref: list, role: "listbox", "aria-label": "Found", className: "palette-list", tabIndex: -1 },
      found.map(([heading, rows]) =>
        jsx(
          "div",
          { key: heading, role: "group", "aria-label": heading },
          jsx("div", { className: "kit-head", "aria-hidden": true }, heading),
          rows.map((item) => {
            const mine = ++number;
            return jsx(Row, {
              key: item.id,
              item,
              isAt: mine === place,
              onChoose: () => take(item),
              onPoint: () => mine !== place && setChosen(item.id),
            });
          }),
        ),
      ),
    ),
    jsx(
      "p",
      { role: "status", className: problem || !items.length ? "palette-none" : "sr-only" },
      problem || (items.length ? `${items.length} found` : `Nothing is called “${query.trim()}”.`),
    ),
  );
}
