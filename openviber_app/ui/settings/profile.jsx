import { jsx } from "@emotion/react";
import { useEffect, useState } from "react";
import { ApiForm } from "../live/api_form.jsx";
import { Identities } from "./identities.jsx";
import { useLoaded } from "./loaded.js";
import { Refusal, Section, TextField, Waiting } from "./text_field.jsx";

/** Name and address; another address asks for the password, because it signs in. */
const Person = ({ me, onSaved }) => {
  const [email, setEmail] = useState(me.email);
  const isOther = email.trim().toLowerCase() !== me.email;
  return jsx(
    ApiForm,
    {
      action: "/api/me",
      method: "PATCH",
      submit: "Save",
      busy: "Saving…",
      done: "Saved.",
      keep: true,
      className: "form settings-form",
      onDone: onSaved,
    },
    jsx(TextField, { form: "profile", name: "name", label: "Name", defaultValue: me.name, required: true, autoComplete: "name" }),
    jsx(TextField, {
      form: "profile",
      name: "email",
      label: "E-mail",
      type: "email",
      defaultValue: me.email,
      required: true,
      autoComplete: "email",
      help: "You sign in with it.",
      onInput: (event) => setEmail(event.target.value),
    }),
    isOther &&
      jsx(TextField, {
        form: "profile",
        name: "currentPassword",
        label: "Current password",
        type: "password",
        required: true,
        autoComplete: "current-password",
        help: "Needed for another e-mail address.",
      }),
  );
};

const SAID = "openviber:said";

/** A new password gives this browser a new session: the page starts again with it. */
const begin = () => {
  sessionStorage.setItem(SAID, "Changed. Every other session has ended.");
  location.reload();
};

const Password = () => {
  const [said, setSaid] = useState("");
  useEffect(() => {
    setSaid(sessionStorage.getItem(SAID) ?? "");
    sessionStorage.removeItem(SAID);
  }, []);
  const form = jsx(
    ApiForm,
    {
      key: "form",
      action: "/api/me/password",
      method: "PUT",
      submit: "Change password",
      busy: "Changing…",
      onDone: begin,
      className: "form settings-form plain-form",
    },
    jsx(TextField, {
      form: "password",
      name: "currentPassword",
      label: "Current password",
      type: "password",
      required: true,
      autoComplete: "current-password",
    }),
    jsx(TextField, {
      form: "password",
      name: "newPassword",
      label: "New password",
      type: "password",
      required: true,
      autoComplete: "new-password",
      help: "At least 10 characters.",
    }),
  );
  return [form, said && jsx("p", { key: "said", role: "status", className: "form-done" }, said)];
};

export function Profile() {
  const { value: me, problem, reload } = useLoaded("/api/me");
  const known = me
    ? jsx(Person, { key: me.email, me, onSaved: reload })
    : problem
      ? jsx(Refusal, { text: problem, onRetry: reload })
      : jsx(Waiting);
  return [
    jsx(Section, { key: "person", title: "Profile", text: me?.role === "owner" ? "You own this board." : "" }, known),
    jsx(
      Section,
      { key: "password", title: "Password", text: "A new one signs you out everywhere but here." },
      jsx(Password),
    ),
    jsx(Identities, { key: "identities" }),
  ];
}
