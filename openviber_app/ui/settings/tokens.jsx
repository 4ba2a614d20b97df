import { jsx } from "@emotion/react";
import { useState } from "react";
import { CodeBlock } from "../kit/code_block.jsx";
import { confirm } from "../kit/confirm.js";
import { Icon } from "../kit/icons.jsx";
import { Ago } from "../live/ago.jsx";
import { ApiForm } from "../live/api_form.jsx";
import { request } from "../live/request.js";
import { useLoaded } from "./loaded.js";
import { Refusal, Section, TextField, Waiting } from "./text_field.jsx";

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
        token.lastUsedAt
          ? jsx("span", null, "last used ", jsx(Ago, { at: token.lastUsedAt }))
          : jsx("span", null, "never used"),
        jsx("span", null, "made ", jsx(Ago, { at: token.createdAt })),
        token.expiresAt && jsx("span", null, `ends ${day(token.expiresAt)}`),
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
export function Tokens() {
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
    { title: "API tokens", text: "For programs that act in your name, with all that you may do." },
    jsx(
      ApiForm,
      {
        action: "/api/tokens",
        submit: "Create token",
        busy: "Creating…",
        className: "form settings-form",
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
