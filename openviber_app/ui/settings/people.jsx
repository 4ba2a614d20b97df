import { jsx } from "@emotion/react";
import { useState } from "react";
import { confirm } from "../kit/confirm.js";
import { Ago } from "../live/ago.jsx";
import { request } from "../live/request.js";
import { Invites } from "./invites.jsx";
import { useLoaded } from "./loaded.js";
import { Refusal, Section, Waiting } from "./text_field.jsx";

const ROLES = { owner: "Owner", admin: "Admin", member: "Member" };

const some = (count, noun) => (count ? [`${count} ${noun}${count === 1 ? "" : "s"}`] : []);

/** Everything that goes with somebody, such as "2 environments, 1 node and 5 threads". */
const belongings = ({ environments, nodes, threads }) => {
  const parts = [...some(environments, "environment"), ...some(nodes, "node"), ...some(threads, "thread")];
  return parts.length > 1 ? `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}` : (parts[0] ?? "");
};

const Row = ({ person, me, onRole, onRemove }) => {
  const isFree = person.canManage && !person.isLastOwner;
  return jsx(
    "li",
    { className: "settings-row person-row" },
    jsx("span", { className: "avatar", "aria-hidden": true }, [...person.name][0]?.toUpperCase()),
    jsx(
      "div",
      { className: "person-words" },
      jsx(
        "div",
        { className: "truncate" },
        jsx("span", { className: "font-medium" }, person.name),
        person.id === me.id && jsx("span", { className: "text-tx3" }, " (you)"),
      ),
      jsx(
        "div",
        { className: "facts" },
        jsx("span", { className: "truncate" }, person.email),
        person.lastSeenAt
          ? jsx("span", null, "seen ", jsx(Ago, { at: person.lastSeenAt }))
          : jsx("span", null, "signed in nowhere"),
        belongings(person) && jsx("span", null, belongings(person)),
      ),
    ),
    jsx(
      "div",
      { className: "person-acts" },
      isFree && me.role === "owner"
        ? jsx(
            "select",
            {
              className: "field select",
              "aria-label": `Role of ${person.name}`,
              value: person.role,
              onChange: (event) => onRole(person, event.target.value),
            },
            Object.entries(ROLES).map(([value, words]) => jsx("option", { key: value, value }, words)),
          )
        : jsx("span", { className: "pill plain-pill" }, ROLES[person.role] ?? person.role),
      isFree &&
        jsx(
          "button",
          {
            type: "button",
            className: "btn btn-small btn-danger",
            "aria-label": `Remove ${person.name}`,
            onClick: () => onRemove(person),
          },
          "Remove",
        ),
    ),
  );
};

/** Who is on this board, and what they may. */
export function People() {
  const { value, problem, reload } = useLoaded("/api/users");
  const { value: me } = useLoaded("/api/me");
  const [refusal, setRefusal] = useState("");
  const send = async (...asked) => {
    try {
      await request(...asked);
      setRefusal("");
    } catch (found) {
      setRefusal(found.message);
    }
    await reload();
  };
  const change = async (person, role) => {
    const title = `Make ${person.name} ${role === "member" ? "a" : "an"} ${role}?`;
    const text = "They are signed out everywhere and have to sign in again. Invites that they made and nobody used end.";
    if (await confirm({ title, text, action: "Change role" })) await send("PATCH", `/api/users/${person.id}`, { role });
  };
  const remove = async (person) => {
    const theirs = belongings(person);
    const text = `${theirs ? `${theirs} of theirs go too, with everything in them.` : "They have nothing here yet."} Whatever they run is stopped. This cannot be undone.`;
    if (await confirm({ title: `Remove ${person.name}?`, text, action: "Remove", isDanger: true }))
      await send("DELETE", `/api/users/${person.id}`);
  };
  return [
    jsx(
      Section,
      {
        key: "people",
        title: "People",
        text: "Members have what they make themselves. Admins also manage members and read the audit log. Owners may everything.",
      },
      (problem || refusal) && jsx(Refusal, { text: refusal || problem, onRetry: reload }),
      value && me
        ? jsx(
            "ul",
            { className: "settings-list" },
            value.people.map((person) => jsx(Row, { key: person.id, person, me, onRole: change, onRemove: remove })),
          )
        : !problem && jsx(Waiting),
    ),
    me && jsx(Invites, { key: "invites", isOwner: me.role === "owner" }),
  ];
}
