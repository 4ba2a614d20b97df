import { jsx } from "@emotion/react";
import { useState } from "react";
import { CodeBlock } from "../kit/code_block.jsx";
import { confirm } from "../kit/confirm.js";
import { Icon } from "../kit/icons.jsx";
import { Ago } from "../live/ago.jsx";
import { ApiForm } from "../live/api_form.jsx";
import { request } from "../live/request.js";
import { endIn, useLoaded } from "./loaded.js";
import { Refusal, Section, SelectField, TextField, Waiting } from "./text_field.jsx";

const SCOPES = [
  { value: "read", label: "Read", help: "Look at everything of yours, live too." },
  { value: "run", label: "Run", help: "Prepare, start threads, send messages, stop." },
  { value: "write", label: "Write", help: "Change environments, secrets, nodes and tokens." },
  { value: "admin", label: "Admin", help: "Manage people, read the audit log; owners also keys.", isAdmins: true },
];
const LIVES = { 7: "7 days", 30: "30 days", 90: "90 days", 365: "A year", "": "Never" };

const Scopes = ({ managesPeople }) =>
  jsx(
    "fieldset",
    { className: "scopes" },
    jsx("legend", { className: "label" }, "What it may do"),
    SCOPES.filter(({ isAdmins }) => managesPeople || !isAdmins).map(({ value, label, help, isAdmins }) =>
      jsx(
        "label",
        { key: value, className: "tick" },
        jsx("input", { type: "checkbox", className: "check", name: "scopes", value, defaultChecked: !isAdmins }),
        jsx("span", null, label, jsx("span", { className: "help block !mt-0" }, help)),
      ),
    ),
  );

const day = (moment) => new Date(moment).toLocaleDateString(undefined, { dateStyle: "medium" });

const Row = ({ token, onRevoke }) =>
  jsx(
    "li",
    { className: "settings-row" },
    jsx(Icon, { name: "key", size: 16, className: "text-tx3" }),
    jsx(
      "div",
      { className: "min-w-0 flex-1" },
      jsx("div", { className: "font-medium truncate" }, token.name),
      jsx(
        "div",
        { className: "facts" },
        jsx("span", null, token.scopes.join(", ")),
        token.lastUsedAt
          ? jsx("span", null, "last used ", jsx(Ago, { at: token.lastUsedAt }))
          : jsx("span", null, "never used"),
        jsx("span", null, "made ", jsx(Ago, { at: token.createdAt })),
        jsx("span", null, token.expiresAt ? `ends ${day(token.expiresAt)}` : "never ends"),
      ),
    ),
    jsx(
      "button",
      {
        type: "button",
        className: "btn btn-small btn-danger",
        "aria-label": `Revoke ${token.name}`,
        onClick: () => onRevoke(token),
      },
      "Revoke",
    ),
  );

/** The value of a new token: shown here this one time, and nowhere kept. */
const Fresh = ({ made, onDone }) =>
  jsx(
    "div",
    { className: "settings-fresh" },
    jsx("p", null, "Copy ", jsx("b", null, made.token.name), " now: it is not shown again."),
    jsx(CodeBlock, { text: made.value, label: `Token ${made.token.name}` }),
    jsx("button", { type: "button", className: "btn btn-small", onClick: onDone }, "I have it"),
  );

/** What programs carry in one's name. */
export function Tokens({ managesPeople }) {
  const { value, problem, reload } = useLoaded("/api/tokens");
  const [made, setMade] = useState(null);
  const [refusal, setRefusal] = useState("");
  const revoke = async (token) => {
    const text = "Programs that carry it are refused from now on. This cannot be undone.";
    const title = `Revoke “${token.name}”?`;
    if (!(await confirm({ title, text, action: "Revoke", isDanger: true }))) return;
    try {
      await request("DELETE", `/api/tokens/${token.id}`);
      setRefusal("");
      if (made?.token.id === token.id) setMade(null);
    } catch (found) {
      setRefusal(found.message);
    }
    await reload();
  };
  return jsx(
    Section,
    { title: "API tokens", text: "For programs that act in your name, as far as you let them." },
    jsx(
      ApiForm,
      {
        action: "/api/tokens",
        submit: "Create token",
        busy: "Creating…",
        className: "form settings-form",
        shape: (data) => ({
          name: data.get("name"),
          scopes: data.getAll("scopes"),
          expiresAt: endIn(data.get("days")),
        }),
        onDone: (_id, answer) => {
          setMade(answer);
          reload();
        },
      },
      jsx(TextField, {
        form: "token",
        name: "name",
        label: "Name",
        required: true,
        autoComplete: "off",
        placeholder: "nightly build",
        help: "What uses it, so that you know later which one to revoke.",
      }),
      jsx(Scopes, { managesPeople }),
      jsx(SelectField, { form: "token", name: "days", label: "Ends after", options: LIVES, defaultValue: "90" }),
    ),
    made && jsx(Fresh, { made, onDone: () => setMade(null) }),
    (problem || refusal) && jsx(Refusal, { text: refusal || problem, onRetry: reload }),
    value
      ? value.tokens.length
        ? jsx(
            "ul",
            { className: "settings-list" },
            value.tokens.map((token) => jsx(Row, { key: token.id, token, onRevoke: revoke })),
          )
        : jsx("p", { className: "empty" }, "No tokens. Scripts and other programs need one to reach this board.")
      : !problem && jsx(Waiting),
  );
}
