import { jsx } from "@emotion/react";
import { useEffect, useRef, useState } from "react";
import { request } from "./request.js";

const MAX_HEIGHT = 320;

/** Where scripts are typed. What is typed stays, also over a reload, until the board has it. */
export function Composer({ thread, environment, hint, onCreated, className, id }) {
  const box = useRef(null);
  const created = useRef("");
  const key = useRef("");
  const [isBusy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState("");
  const draft = `openviber:draft:${thread || `new:${environment}`}`;
  const fit = () => {
    box.current.style.height = "auto";
    box.current.style.height = `${Math.min(MAX_HEIGHT, box.current.scrollHeight)}px`;
  };
  useEffect(() => {
    created.current = "";
    box.current.value = localStorage.getItem(draft) ?? "";
    setRefusal("");
    fit();
  }, [draft]);
  const typed = () => {
    key.current = ""; // another text is another message
    if (box.current.value) localStorage.setItem(draft, box.current.value);
    else localStorage.removeItem(draft);
    fit();
  };
  const send = async () => {
    const text = box.current.value;
    if (isBusy || !text.trim()) return;
    setBusy(true);
    setRefusal("");
    try {
      created.current ||= thread || (await request("POST", "/api/threads", { environmentId: environment })).id;
      key.current ||= crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`;
      const headers = { "Idempotency-Key": key.current };
      await request("POST", `/api/threads/${created.current}/messages`, { text, executor: "shell" }, headers);
      box.current.value = "";
      typed();
      if (!thread) onCreated?.(created.current);
    } catch (problem) {
      setRefusal(problem.errors?.map((e) => e.detail).join("; ") || problem.message);
    }
    setBusy(false);
    box.current?.focus();
  };
  return jsx(
    "form",
    {
      id,
      className: `composer ${className ?? ""}`,
      onSubmit: (event) => {
        event.preventDefault();
        send();
      },
    },
    jsx("textarea", {
      ref: box,
      rows: 2,
      name: "text",
      "aria-label": "Script",
      placeholder: thread ? "What to run next…" : "A script to run in a workspace of its own…",
      spellCheck: false,
      autoCapitalize: "off",
      onInput: typed,
      onKeyDown: (event) => {
        if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
        event.preventDefault();
        send();
      },
    }),
    refusal && jsx("p", { role: "alert", className: "text-red text-[12px]" }, refusal),
    jsx(
      "div",
      { className: "composer-foot" },
      jsx("span", { className: "btn btn-small", title: "Your message runs as a bash script" }, "Shell"),
      jsx("span", { className: "text-tx3" }, hint || "runs as a script"),
      jsx("span", { className: "flex-1" }),
      jsx("button", { type: "submit", className: "btn btn-send", "aria-label": "Send", "aria-disabled": isBusy }, "↑"),
    ),
  );
}
