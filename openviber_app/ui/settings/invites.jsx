import { jsx } from "@emotion/react";
import { useState } from "react";
import { CodeBlock } from "../kit/code_block.jsx";
import { Icon } from "../kit/icons.jsx";
import { Ago } from "../live/ago.jsx";
import { ApiForm } from "../live/api_form.jsx";
import { request } from "../live/request.js";
import { endIn, useLoaded } from "./loaded.js";
import { Refusal, Section, SelectField, TextField } from "./text_field.jsx";

const LIVES = { 1: "1 day", 7: "7 days", 30: "30 days" };
const day = (moment) => new Date(moment).toLocaleDateString(undefined, { dateStyle: "medium" });

const Row = ({ invite, onRevoke }) => {
  const name = invite.note || `Somebody, as ${invite.role}`;
  return jsx(
    "li",
    { className: "settings-row" },
    jsx(Icon, { name: "link", size: 16, className: "text-tx3" }),
    jsx(
      "div",
      { className: "min-w-0 flex-1" },
      jsx("div", { className: "font-medium truncate" }, name),
      jsx(
        "div",
        { className: "facts" },
        jsx("span", null, invite.role),
        jsx("span", null, `by ${invite.createdBy} `, jsx(Ago, { at: invite.createdAt })),
        jsx("span", null, `ends ${day(invite.expiresAt)}`),
      ),
    ),
    invite.canRevoke &&
      jsx(
        "button",
        {
          type: "button",
          className: "btn btn-small btn-danger",
          "aria-label": `Revoke the invite for ${name}`,
          onClick: () => onRevoke(invite),
        },
        "Revoke",
      ),
  );
};

/** Links with which somebody makes their own account; each is shown this one time. */
export function Invites({ isOwner }) {
  const { value, problem, reload } = useLoaded("/api/invites");
  const [made, setMade] = useState(null);
  const [refusal, setRefusal] = useState("");
  const revoke = async (invite) => {
    try {
      await request("DELETE", `/api/invites/${invite.id}`);
      setRefusal("");
      if (made?.invite.id === invite.id) setMade(null);
    } catch (found) {
      setRefusal(found.message);
    }
    await reload();
  };
  return jsx(
    Section,
    { title: "Invites", text: "A link with which one person makes their own account. It works once." },
    jsx(
      ApiForm,
      {
        action: "/api/invites",
        submit: "Create link",
        busy: "Creating…",
        className: "form settings-form",
        shape: (data) => ({
          note: data.get("note"),
          role: data.get("role") ?? "member",
          expiresAt: endIn(data.get("days")),
        }),
        onDone: (_id, answer) => {
          setMade(answer);
          reload();
        },
      },
      jsx(TextField, {
        form: "invite",
        name: "note",
        label: "For whom",
        autoComplete: "off",
        maxLength: 100,
        placeholder: "Grace",
        help: "Only for you, to tell open invites apart.",
      }),
      jsx(
        "div",
        { className: "settings-pair" },
        isOwner && jsx(SelectField, { form: "invite", name: "role", label: "As", options: { member: "Member", admin: "Admin" } }),
        jsx(SelectField, { form: "invite", name: "days", label: "Ends after", options: LIVES, defaultValue: "7" }),
      ),
    ),
    made &&
      jsx(
        "div",
        { className: "settings-fresh" },
        jsx("p", null, "Send this link to ", jsx("b", null, made.invite.note || "whom it is for"), " now: it is not shown again."),
        jsx(CodeBlock, { text: made.link, label: "Invite link" }),
        jsx("button", { type: "button", className: "btn btn-small", onClick: () => setMade(null) }, "I have it"),
      ),
    (problem || refusal) && jsx(Refusal, { text: refusal || problem, onRetry: reload }),
    value &&
      value.invites.length > 0 &&
      jsx(
        "ul",
        { className: "settings-list", "aria-label": "Open invites" },
        value.invites.map((invite) => jsx(Row, { key: invite.id, invite, onRevoke: revoke })),
      ),
  );
}
