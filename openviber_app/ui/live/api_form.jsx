import { jsx } from "@emotion/react";
import { useRef, useState } from "react";
import { createPortal } from "react-dom";
import { closeDialog } from "$/public/external/openviber_app/ui/kit/dialogs.js";
import { request } from "./request.js";

const sentence = (text) => text && text[0].toUpperCase() + text.slice(1) + (/[.!?…]$/.test(text) ? "" : ".");

/** Where to go after a success: `next` names a path, `{id}` in it is the answer's. */
const target = (next, answer) => {
  const asked = new URLSearchParams(location.search).get("next");
  const isOurs = asked?.startsWith("/") && !/^\/[/\\]/.test(asked);
  return (isOurs ? asked : next).replace("{id}", answer?.id ?? "");
};

/** What the browser itself finds missing in a field, in our words. */
const complaintOf = ({ validity, minLength, type, validationMessage }) => {
  if (validity.valid) return "";
  if (validity.valueMissing) return type === "radio" ? "Choose one." : "Fill this in.";
  if (validity.typeMismatch && type === "email") return "This is not an e-mail address, such as ada@example.org.";
  if (validity.tooShort) return `At least ${minLength} characters.`;
  return sentence(validationMessage);
};

/** The field, or the first of a group, that a JSON pointer means. */
const fieldOf = (form, pointer) => {
  const found = form.elements.namedItem(pointer.replace(/^\//, ""));
  return found instanceof RadioNodeList ? found[0] : found;
};

/** Tie a field to its refusal, or free it: `aria-describedby` goes on naming its help. */
const tie = (field, refusalId) => {
  const others = (field.getAttribute("aria-describedby") ?? "").split(" ").filter((id) => id && !id.endsWith("-refusal"));
  if (refusalId) field.setAttribute("aria-invalid", "true");
  else field.removeAttribute("aria-invalid");
  const ids = refusalId ? [refusalId, ...others] : others;
  if (ids.length) field.setAttribute("aria-describedby", ids.join(" "));
  else field.removeAttribute("aria-describedby");
};

/** What was refused, below its own field: `[{ field, text }]`. */
const Refusals = ({ refusals }) =>
  refusals.map(({ field, text }) =>
    createPortal(
      jsx("p", { id: `${field.id || field.name}-refusal`, className: "help refusal" }, text),
      field.closest("fieldset") ?? field.parentElement,
      field.id || field.name,
    ),
  );

/**
 * A form that sends its fields as JSON and says below the field what the board refused. `reveal`
 * names a part of the answer, such as `commands.install`, that is then shown here and nowhere kept;
 * `done` is said after a success, and `keep` leaves the fields as they are. `shape` makes the body out
 * of the form's data where it is more than one text a name.
 */
export function ApiForm(props) {
  const { action, method = "POST", next, submit, busy, extra, reveal, onDone, done, keep, shape, className, children, id } = props;
  const [state, setState] = useState({ isBusy: false, message: "" });
  const [refusals, setRefusals] = useState([]);
  const [revealed, setRevealed] = useState("");
  const form = useRef(null);
  const refuse = (found) => {
    for (const { field } of refusals) tie(field, "");
    for (const { field } of found) tie(field, `${field.id || field.name}-refusal`);
    setRefusals(found);
    found[0]?.field.focus();
  };
  const clear = ({ target: field }) => {
    const left = refusals.filter((one) => one.field !== field && one.field.name !== field.name);
    if (left.length === refusals.length) return;
    for (const one of refusals) if (!left.includes(one)) tie(one.field, "");
    setRefusals(left);
  };
  /** Put each refusal below its field; return the words of those that have none. */
  const place = (errors) => {
    const byField = new Map();
    const others = [];
    for (const { pointer, detail } of errors) {
      const field = fieldOf(form.current, pointer);
      if (field?.name && field.type !== "hidden") byField.set(field, [...(byField.get(field) ?? []), sentence(detail)]);
      else others.push(sentence(detail));
    }
    refuse([...byField].map(([field, said]) => ({ field, text: said.join(" ") })));
    return others.join(" ");
  };
  const isComplete = () => {
    const seen = new Set();
    const found = [];
    for (const field of form.current.elements) {
      const text = field.name && !seen.has(field.name) && field.validity ? complaintOf(field) : "";
      if (field.name) seen.add(field.name);
      if (text) found.push({ field, text });
    }
    refuse(found);
    return !found.length;
  };
  const send = async (event) => {
    event.preventDefault();
    if (state.isBusy) return;
    setState({ isBusy: false, message: "" });
    if (!isComplete()) return;
    setState({ isBusy: true, message: "" });
    const data = new FormData(form.current);
    const fields = shape ? shape(data) : Object.fromEntries(data);
    try {
      const answer = await request(method, action, { ...fields, ...extra });
      onDone?.(answer?.id ?? "", answer);
      const isInDialog = Boolean(form.current.closest("dialog"));
      if (next) return isInDialog ? location.replace(target(next, answer)) : location.assign(target(next, answer));
      if (!keep) form.current.reset();
      if (reveal) {
        setRevealed(reveal.split(".").reduce((found, name) => found?.[name], answer) ?? "");
        return setState({ isBusy: false, message: "" });
      }
      if (isInDialog) closeDialog();
      setState({ isBusy: false, message: "", done });
    } catch (problem) {
      const message = problem.errors?.length ? place(problem.errors) : sentence(problem.message);
      setState({ isBusy: false, message });
    }
  };
  return jsx(
    "form",
    { ref: form, id, className, onSubmit: send, onInput: clear, method: "post", action, noValidate: true },
    children,
    jsx(Refusals, { refusals }),
    revealed && jsx("pre", { className: "revealed", tabIndex: 0, "aria-label": "The answer" }, revealed),
    jsx("p", { role: "alert", className: "min-h-5 text-red text-[12px]" }, state.message),
    jsx(
      "button",
      { type: "submit", className: "btn btn-primary", "aria-disabled": state.isBusy },
      state.isBusy ? busy : submit,
    ),
    done && jsx("p", { role: "status", className: "form-done" }, state.done),
  );
}
