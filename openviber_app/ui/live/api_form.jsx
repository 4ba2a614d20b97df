import { jsx } from "@emotion/react";
import { useRef, useState } from "react";
import { closeDialog } from "$/public/external/openviber_app/ui/kit/dialogs.js";
import { request } from "./request.js";

const sentence = (text) => text && text[0].toUpperCase() + text.slice(1) + (/[.!?…]$/.test(text) ? "" : ".");

/** Where to go after a success: `next` names a path, `{id}` in it is the answer's. */
const target = (next, answer) => {
  const asked = new URLSearchParams(location.search).get("next");
  const isOurs = asked?.startsWith("/") && !/^\/[/\\]/.test(asked);
  return (isOurs ? asked : next).replace("{id}", answer?.id ?? "");
};

/**
 * A form that sends its fields as JSON and says at the field what the board refused. `reveal` names
 * a part of the answer, such as `commands.install`, that is then shown here and nowhere kept.
 */
export function ApiForm(props) {
  const { action, method = "POST", next, submit, busy, extra, reveal, onDone, className, children, id } = props;
  const [state, setState] = useState({ isBusy: false, message: "" });
  const [revealed, setRevealed] = useState("");
  const form = useRef(null);
  const mark = (errors) => {
    for (const field of form.current.elements) if (field.name) field.removeAttribute("aria-invalid");
    const named = errors.map((e) => form.current.elements.namedItem(e.pointer.replace(/^\//, "")));
    for (const field of named) field?.setAttribute?.("aria-invalid", "true");
    named.find((field) => field?.focus)?.focus();
  };
  const send = async (event) => {
    event.preventDefault();
    if (state.isBusy) return;
    setState({ isBusy: true, message: "" });
    const fields = Object.fromEntries(new FormData(form.current));
    try {
      const answer = await request(method, action, { ...fields, ...extra });
      onDone?.(answer?.id ?? "");
      const isInDialog = Boolean(form.current.closest("dialog"));
      if (next) return isInDialog ? location.replace(target(next, answer)) : location.assign(target(next, answer));
      form.current.reset();
      if (reveal) {
        setRevealed(reveal.split(".").reduce((found, name) => found?.[name], answer) ?? "");
        return setState({ isBusy: false, message: "" });
      }
      if (isInDialog) closeDialog();
      setState({ isBusy: false, message: "" });
    } catch (problem) {
      const errors = problem.errors ?? [];
      mark(errors);
      const said = errors.map((e) => sentence(e.detail)).join(" ") || sentence(problem.message);
      setState({ isBusy: false, message: said });
    }
  };
  return jsx(
    "form",
    { ref: form, id, className, onSubmit: send, method: "post", action, noValidate: false },
    children,
    revealed && jsx("pre", { className: "revealed", tabIndex: 0, "aria-label": "The answer" }, revealed),
    jsx("p", { role: "alert", className: "min-h-5 text-red text-[12px]" }, state.message),
    jsx(
      "button",
      { type: "submit", className: "btn btn-primary", "aria-disabled": state.isBusy },
      state.isBusy ? busy : submit,
    ),
  );
}
