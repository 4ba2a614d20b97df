import { jsx } from "@emotion/react";
import { useState } from "react";
import { Link } from "react-router";
import { openDialog } from "$/public/external/openviber_app/ui/kit/dialogs.js";
import { Ago } from "$/public/external/openviber_app/ui/live/ago.jsx";
import { drawnWords } from "$/public/external/openviber_app/ui/live/redacted.js";
import { count, refusalOf } from "$/public/external/openviber_app/ui/live/words.js";
import { Clock, useLeft } from "./clock.jsx";
import { makeAnother, useCommand } from "./commands.js";

export const addressOf = (id) => `/nodes?node=${id}`;
export const cardId = (id) => `node-${id}`;

/** The button of a node that waits: the command of this tab again, or a new one. */
export function ShowCommand({ card }) {
  const made = useCommand(card.id);
  const left = useLeft(made?.expiresAt);
  const [refusal, setRefusal] = useState("");
  const show = async () => {
    setRefusal("");
    try {
      if (!made || !left) await makeAnother(card.id);
      openDialog("add-node", { node: card.id });
    } catch (problem) {
      setRefusal(refusalOf(problem));
    }
  };
  return jsx(
    "span",
    { className: "node-over flex flex-col items-start gap-1" },
    jsx(
      "button",
      { type: "button", className: "btn btn-small", "aria-haspopup": "dialog", onClick: show },
      made && left ? "Show the command" : "Show a new command",
    ),
    refusal && jsx("span", { role: "alert", className: "text-red text-[12px]" }, refusal),
  );
}

/** The link's own truth, and since when. */
export function LinkState({ card, isMarked }) {
  const left = useLeft(card.token_expires_at);
  const isExpired = card.link === "waiting" && !left;
  const kinds = { connected: "ready", unreachable: "warn", waiting: "off", revoked: "failed" };
  const kind = isExpired ? "warn" : kinds[card.link];
  const since =
    card.link === "waiting"
      ? left > 0 && [jsx(Clock, { key: "left", seconds: left }), " left"]
      : card.changed_at && jsx(Ago, { at: card.changed_at });
  return jsx(
    "span",
    { className: "pill node-link", "data-kind": kind },
    isMarked && jsx("span", { className: "mark", "data-kind": isExpired ? "warn" : card.mark, "aria-hidden": true }),
    jsx("span", null, isExpired ? "Its one-time command expired" : card.words, since && " · ", since),
  );
}

const Figure = ({ label, value }) =>
  jsx("span", null, jsx("span", { className: "text-tx3" }, label, " "), jsx("span", { className: "text-tx2" }, value));

/** What a node has and how busy it is, as far as it told. */
const Figures = ({ card }) => {
  const is = card.link === "connected";
  return jsx(
    "span",
    { className: "node-figures" },
    card.cores > 0 && jsx(Figure, { label: "cores", value: card.cores }),
    is && card.memory && jsx(Figure, { label: "memory free", value: card.memory }),
    card.disk && jsx(Figure, { label: "disk free", value: card.disk }),
    card.version && jsx(Figure, { label: "daemon", value: card.version }),
    is && card.load && jsx(Figure, { label: "load", value: card.load }), // last: its width changes all the time
  );
};

/** Environments with their own marks; each leads to its page. */
const Places = ({ places }) =>
  jsx(
    "ul",
    { className: "node-places node-over", "aria-label": "Environments" },
    places.map((place) =>
      jsx(
        "li",
        { key: place.id },
        jsx(
          Link,
          { to: `/environments/${place.id}`, className: "node-place", title: drawnWords(place.note) || place.pill },
          jsx("span", { className: "mark", "data-kind": place.mark, "aria-hidden": true }),
          jsx("span", { className: "truncate" }, place.name),
          jsx("span", { className: "sr-only" }, `, ${place.pill}`),
        ),
      ),
    ),
  );

/** A node in the list; the whole of it opens its details. */
export function NodeCard({ card, isSelected }) {
  const going = [
    card.prepares && count(card.prepares, "prepare"),
    card.runs && count(card.runs, "run"),
  ].filter(Boolean);
  return jsx(
    "li",
    {
      className: "node-card",
      "data-selected": isSelected || undefined,
      "data-revoked": card.link === "revoked" || undefined,
    },
    jsx(
      "div",
      { className: "node-card-head" },
      jsx("span", { className: "mark", "data-kind": card.mark, "aria-hidden": true }),
      jsx(
        Link,
        {
          id: cardId(card.id),
          to: addressOf(card.id),
          preventScrollReset: true,
          className: "node-card-link truncate",
          "aria-current": isSelected ? "true" : undefined,
        },
        card.name,
      ),
      jsx("span", { className: "flex-1" }),
      card.fenced_at && jsx("span", { className: "pill", "data-kind": "warn" }, "two daemons"),
      card.is_drained && jsx("span", { className: "pill", "data-kind": "warn" }, "drained"),
      card.newer_version && jsx("span", { className: "pill", "data-kind": "warn" }, "update"),
      jsx(LinkState, { card }),
    ),
    card.system && jsx("p", { className: "text-tx3 text-[11px] truncate" }, card.system),
    (card.cores > 0 || card.disk) && jsx(Figures, { card }),
    card.link === "unreachable" && card.reason && jsx("p", { className: "text-tx2 text-[12px]" }, sentence(card.reason)),
    card.link === "waiting" && jsx(ShowCommand, { card }),
    card.link === "revoked" && jsx("p", { className: "text-tx2 text-[12px]" }, seenWords(card)),
    card.is_drained &&
      jsx("p", { className: "text-tx2 text-[12px]" }, `${card.name} is drained: takes no new work.`),
    (card.places.length > 0 || going.length > 0) &&
      jsx(
        "div",
        { className: "node-card-foot" },
        card.places.length > 0 && jsx(Places, { places: card.places }),
        going.length > 0 &&
          jsx(
            "span",
            { className: "node-going" },
            jsx("span", { className: "mark", "data-kind": "busy", "aria-hidden": true }),
            going.join(", "),
          ),
      ),
  );
}

/** How many of the secrets that a revoked node has seen are still in use. */
export const seenWords = ({ seen }) => {
  const open = seen.filter((one) => one.is_open).length;
  if (open) return `${count(open, "secret")} that it has seen ${open > 1 ? "are" : "is"} to be rotated.`;
  return seen.length ? "Every secret that it has seen was rotated since." : "It was sent no secret.";
};

export const sentence = (text) => text && text[0].toUpperCase() + text.slice(1) + (/[.!?…]$/.test(text) ? "" : ".");
