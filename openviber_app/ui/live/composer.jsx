import { jsx } from "@emotion/react";
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { useNavigate } from "react-router";
import { Icon } from "$/public/external/openviber_app/ui/kit/icons.jsx";
import { useDraft } from "./draft.js";
import { request } from "./request.js";
import { begin, finish } from "./sending.js";
import { live } from "./socket.js";
import { refusalOf } from "./words.js";

const MAX_HEIGHT = 320;

/** Whether the tab's line to the board is down. */
function useIsDown() {
  const [isDown, setDown] = useState(false);
  useEffect(() => live.watch((state) => setDown(state === "closed")), []);
  return isDown;
}

/** The scripts that an environment offers to begin with. */
function useSuggestions(environment, isWanted) {
  const [found, setFound] = useState([]);
  useEffect(() => {
    if (!environment || !isWanted) return undefined;
    let isOver = false;
    request("GET", `/api/environments/${environment}`).then(
      (answer) => {
        const offered = answer?.metadata?.suggestions;
        if (!isOver && Array.isArray(offered)) setFound(offered.filter((one) => one?.label && one?.text));
      },
      () => {}, // only an offer: without it everything works
    );
    return () => {
      isOver = true;
    };
  }, [environment, isWanted]);
  return found;
}

/**
 * Where scripts are typed: for a thread, or for a new one in an environment. What is typed stays
 * until the board has it. `isGoing`: a run is under way, so that a message queues; `onStop` stops it.
 */
export function Composer({ thread, environment, hint, onCreated, isGoing, onStop, isNew = !thread, className = "", id }) {
  const place = thread ? `thread:${thread}` : `new-thread:${environment}`;
  const draft = useDraft(place);
  const text = draft.value ?? "";
  const box = useRef(null);
  const isSending = useRef(false);
  const [isBusy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState("");
  const isDown = useIsDown();
  const suggestions = useSuggestions(environment, isNew && !text);
  const navigate = useNavigate();
  useLayoutEffect(() => {
    box.current.style.height = "auto";
    box.current.style.height = `${Math.min(MAX_HEIGHT, box.current.scrollHeight)}px`;
  }, [text]);
  useEffect(() => setRefusal(""), [place]);
  const typed = useRef(text);
  typed.current = text;
  const send = async () => {
    const words = box.current.value;
    if (isSending.current) return;
    if (!words.trim()) return setRefusal("Write a script first; there is nothing to send.");
    isSending.current = true;
    setBusy(true);
    setRefusal("");
    try {
      const record = begin(place, words);
      let target = thread;
      if (!target) {
        const headers = { "Idempotency-Key": record.threadKey };
        target = (await request("POST", "/api/threads", { environmentId: environment }, headers)).id;
      }
      const headers = { "Idempotency-Key": record.key };
      await request("POST", `/api/threads/${target}/messages`, { text: words, executor: "shell" }, headers);
      finish(place);
      // what was typed while it was on its way is the next draft
      const rest = typed.current.startsWith(words) ? typed.current.slice(words.length) : typed.current;
      if (rest.trim()) draft.set(rest);
      else await draft.discard();
      if (!thread && onCreated) onCreated(target);
      else if (!thread) navigate(`/threads/${target}`);
    } catch (problem) {
      setRefusal(refusalOf(problem));
    }
    isSending.current = false;
    setBusy(false);
    box.current?.focus();
    return undefined;
  };
  const change = (value) => {
    typed.current = value;
    setRefusal("");
    draft.set(value);
  };
  const isEmpty = !text.trim();
  const label = isBusy ? "Sending" : isGoing ? "Queue" : "Send";
  return jsx(
    "form",
    {
      id,
      className: `composer ${className}`,
      onSubmit: (event) => {
        event.preventDefault();
        send();
      },
    },
    isNew && isEmpty && suggestions.length > 0 &&
      jsx(
        "div",
        { className: "suggestions", role: "group", "aria-label": "Suggestions" },
        suggestions.map((one) =>
          jsx(
            "button",
            {
              key: one.label,
              type: "button",
              className: "chip",
              title: one.text,
              onClick: () => {
                change(one.text);
                box.current.focus();
              },
            },
            one.label,
          ),
        ),
      ),
    jsx("textarea", {
      ref: box,
      rows: 2,
      name: "text",
      value: text,
      "aria-label": "Script",
      "aria-describedby": `${place}-note`,
      "aria-invalid": !!refusal,
      placeholder: thread ? "What to run next…" : "A script to run in a workspace of its own…",
      spellCheck: false,
      autoCapitalize: "off",
      autoComplete: "off",
      enterKeyHint: "send",
      onChange: (event) => change(event.target.value),
      onKeyDown: (event) => {
        if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
        event.preventDefault();
        send();
      },
    }),
    refusal && jsx("p", { role: "alert", className: "refusal" }, refusal),
    jsx(
      "div",
      { className: "composer-foot" },
      jsx("span", { className: "chip chip-still", title: "Your message is run by bash in the thread's workspace" }, "Shell"),
      jsx(
        "span",
        { id: `${place}-note`, className: "composer-note" },
        isDown ? "reconnecting… what you type is kept" : isGoing ? "runs as a script, after this run" : hint || "runs as a script",
      ),
      jsx("span", { className: "flex-1" }),
      isGoing && onStop &&
        jsx("button", { type: "button", className: "btn btn-danger btn-round", "aria-label": "Stop the run", title: "Stop the run", onClick: onStop }, jsx(Icon, { name: "stop", size: 12, filled: true })),
      jsx(
        "button",
        {
          type: "submit",
          className: isGoing ? "btn btn-send btn-queue" : "btn btn-send",
          "aria-label": label,
          "aria-disabled": isBusy || isEmpty,
          title: isEmpty ? "Write a script first" : isGoing ? "Queue: it runs after this run (Enter)" : "Send (Enter)",
        },
        isGoing && jsx("span", null, "Queue"),
        jsx(Icon, { name: "arrow-up" }),
      ),
    ),
  );
}
