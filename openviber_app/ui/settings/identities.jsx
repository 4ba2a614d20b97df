import { jsx } from "@emotion/react";
import { useState } from "react";
import { confirm } from "../kit/confirm.js";
import { useQuery } from "../kit/dialogs.js";
import { Icon } from "../kit/icons.jsx";
import { Ago } from "../live/ago.jsx";
import { ApiForm } from "../live/api_form.jsx";
import { request } from "../live/request.js";
import { useLoaded } from "./loaded.js";
import { Section, TextField } from "./text_field.jsx";

const sentence = (text) => text[0].toUpperCase() + text.slice(1) + (/[.!?]$/.test(text) ? "" : ".");

/** Looked at once: who comes back from the provider is told here, below the other sections. */
const show = (banner) => banner?.scrollIntoView({ block: "center" });

const Row = ({ identity, isNeeded, onUnlink }) =>
  jsx(
    "li",
    { className: "settings-row" },
    jsx(Icon, { name: "key", size: 16, className: "text-tx3" }),
    jsx(
      "div",
      { className: "min-w-0 flex-1" },
      jsx("div", { className: "font-medium" }, identity.provider),
      jsx(
        "div",
        { className: "facts" },
        jsx("span", { className: "truncate", title: identity.subject }, identity.subject),
        identity.isUsable
          ? jsx("span", null, "last used ", jsx(Ago, { at: identity.lastUsedAt ?? identity.createdAt }))
          : jsx("span", null, "not this board's provider any more"),
      ),
    ),
    isNeeded
      ? jsx("span", { className: "text-tx3" }, "Your only way in")
      : jsx(
          "button",
          {
            type: "button",
            className: "btn btn-small btn-danger",
            "aria-label": `Disconnect ${identity.provider}`,
            onClick: () => onUnlink(identity),
          },
          "Disconnect",
        ),
  );

/** It opens the account from then on, so whoever has a password types it once more. */
const Connect = ({ provider, hasPassword }) =>
  jsx(
    ApiForm,
    {
      action: "/api/me/identities",
      submit: `Connect ${provider}`,
      busy: "Connecting…",
      keep: true,
      className: "form settings-form plain-form",
      onDone: (_, { url }) => location.assign(url),
    },
    hasPassword &&
      jsx(TextField, {
        form: "connect",
        name: "currentPassword",
        label: "Current password",
        type: "password",
        required: true,
        autoComplete: "current-password",
        help: `${provider} opens your account from then on.`,
      }),
  );

/** Accounts elsewhere that open this one; nothing where there is neither a provider nor one of them. */
export function Identities() {
  const code = new URLSearchParams(useQuery()).get("openid");
  const { value, reload } = useLoaded("/api/me/identities");
  const { value: told } = useLoaded(`/api/openid?refusal=${encodeURIComponent(code ?? "")}`);
  const [problem, setProblem] = useState("");
  if (!value || (!value.provider && !value.identities.length)) return null;
  const unlink = async ({ id, provider }) => {
    const text = `${provider} no longer signs you in here. Your account there stays as it is.`;
    if (!(await confirm({ title: `Disconnect ${provider}?`, text, action: "Disconnect", isDanger: true }))) return;
    try {
      await request("DELETE", `/api/me/identities/${id}`);
      setProblem("");
    } catch (refusal) {
      setProblem(sentence(refusal.message));
    }
    await reload();
  };
  const usable = value.identities.filter(({ isUsable }) => isUsable);
  const isNeeded = (one) => !value.hasPassword && usable.length === 1 && one.isUsable;
  const refusal = problem || (told?.refusal && sentence(told.refusal));
  return jsx(
    Section,
    { title: "Connected accounts", text: "Accounts elsewhere that sign you in here." },
    refusal && jsx("p", { ref: show, className: "banner", "data-kind": "error", role: "alert" }, refusal),
    value.identities.length > 0 &&
      jsx(
        "ul",
        { className: "settings-list" },
        value.identities.map((identity) =>
          jsx(Row, { key: identity.id, identity, isNeeded: isNeeded(identity), onUnlink: unlink }),
        ),
      ),
    value.provider && !usable.length && jsx(Connect, { provider: value.provider, hasPassword: value.hasPassword }),
  );
}
