import { jsx } from "@emotion/react";
import { useState } from "react";
import { confirm } from "$/public/external/openviber_app/ui/kit/confirm.js";
import { request } from "$/public/external/openviber_app/ui/live/request.js";
import { refusalOf } from "$/public/external/openviber_app/ui/live/words.js";
import { useLive } from "$/public/external/openviber_app/ui/mapping/use_live.js";

const ROLES = [
  ["viewer", "Viewer", "reads everything but secrets"],
  ["runner", "Runner", "runs scripts in it, with its secrets"],
  ["editor", "Editor", "also changes it and sets secrets"],
];

const Role = ({ id, name, value, onChange, ...more }) =>
  jsx(
    "select",
    { id, name, className: "field select share-role", value, onChange, ...more },
    ROLES.map(([role, label]) => jsx("option", { key: role, value: role }, label)),
  );

const Person = ({ share, onChange, onRemove }) =>
  jsx(
    "li",
    { className: "settings-row share-row" },
    jsx(
      "div",
      { className: "min-w-0 flex-1" },
      jsx("div", { className: "font-medium truncate" }, share.name),
      jsx("div", { className: "facts" }, jsx("span", { className: "truncate" }, share.email)),
    ),
    jsx(Role, { value: share.role, "aria-label": `What ${share.name} may do`, onChange: (event) => onChange(event.target.value) }),
    jsx("button", { type: "button", className: "btn btn-small btn-danger", "aria-label": `Remove ${share.name}`, onClick: onRemove }, "Remove"),
  );

/** With whom an environment is shared; its owner adds, changes and removes. */
export function Sharing({ environment }) {
  const path = `/api/environments/${environment}/shares`;
  const { data, problem, reload } = useLive(environment ? path : "");
  const [email, setEmail] = useState("");
  const [role, setRole] = useState("runner");
  const [refusal, setRefusal] = useState("");
  const [isBusy, setBusy] = useState(false);
  const act = async (work) => {
    if (isBusy) return false;
    setBusy(true);
    setRefusal("");
    let isDone = true;
    try {
      await work();
    } catch (found) {
      isDone = false;
      setRefusal(found.errors?.length ? found.errors.map((one) => one.detail).join("; ") : refusalOf(found));
    }
    setBusy(false);
    reload();
    return isDone;
  };
  const add = async (event) => {
    event.preventDefault();
    if (!email.trim()) return setRefusal("Say whom to share with: the address of their account.");
    if (await act(() => request("PUT", path, { email: email.trim(), role }))) setEmail("");
  };
  const remove = async (share) => {
    const text = "Their open pages lose it at once. What they started goes on until it ends or you stop it.";
    if (await confirm({ title: `Stop sharing with ${share.name}?`, text, action: "Stop sharing", isDanger: true }))
      await act(() => request("DELETE", `${path}/${share.userId}`));
  };
  const shares = data?.shares ?? [];
  if (!environment) return jsx("p", { className: "empty" }, "Loading…"); // the address is known before its environment is
  return jsx(
    "div",
    { className: "sharing" },
    jsx(
      "form",
      { className: "share-form", onSubmit: add, noValidate: true },
      jsx(
        "div",
        { className: "flex-1 min-w-0" },
        jsx("label", { htmlFor: "share-email", className: "label" }, "E-mail address"),
        jsx("input", {
          id: "share-email",
          type: "email",
          className: "field",
          value: email,
          autoComplete: "off",
          placeholder: "grace@example.org",
          "aria-invalid": refusal ? true : undefined,
          "aria-describedby": "share-refusal",
          onChange: (event) => setEmail(event.target.value),
        }),
      ),
      jsx(
        "div",
        null,
        jsx("label", { htmlFor: "share-role", className: "label" }, "May"),
        jsx(Role, { id: "share-role", value: role, onChange: (event) => setRole(event.target.value), "aria-describedby": "share-roles" }),
      ),
      jsx("button", { type: "submit", className: "btn btn-primary", "aria-disabled": isBusy }, "Share"),
    ),
    jsx("p", { id: "share-refusal", role: "alert", className: "field-problem" }, refusal),
    jsx(
      "dl",
      { id: "share-roles", className: "share-roles" },
      ROLES.map(([key, label, words]) => jsx("div", { key }, jsx("dt", null, label), jsx("dd", null, words))),
    ),
    problem && !data && jsx("p", { role: "alert", className: "text-red" }, problem.message),
    shares.length > 0 &&
      jsx(
        "ul",
        { className: "settings-list", "aria-label": "Shared with" },
        shares.map((share) =>
          jsx(Person, {
            key: share.userId,
            share,
            onChange: (next) => act(() => request("PUT", path, { email: share.email, role: next })),
            onRemove: () => remove(share),
          }),
        ),
      ),
    data && !shares.length && jsx("p", { className: "empty" }, "Only you see this environment."),
  );
}
