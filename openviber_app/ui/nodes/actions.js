// What can be done to a node; whatever takes something away names it and asks first.
import { confirm } from "$/public/external/openviber_app/ui/kit/confirm.js";
import { request } from "$/public/external/openviber_app/ui/live/request.js";
import { listed } from "./removal.js";

const post = (card, deed) => request("POST", `/api/nodes/${card.id}/${deed}`);

export const resumeNode = (card) => post(card, "resume");
export const settleIdentity = (card) => post(card, "settle-identity");

export async function drainNode(card) {
  const places = card.places.map((place) => place.name);
  const said = ["It takes no new work until it is resumed: prepares and messages wait."];
  if (places.length) said.push(`That holds for ${listed(places)}.`);
  said.push("What runs there now goes on to its end.");
  const isSure = await confirm({ title: `Drain ${card.name}?`, text: said.join(" "), action: "Drain" });
  return isSure && post(card, "drain");
}

export async function rotateKeys(card) {
  const isSure = await confirm({
    title: `Rotate the keys of ${card.name}?`,
    text:
      "Its daemon makes new keys and a new token, and connects again with them; the old ones are worth nothing then. " +
      "Any copy of its home folder is locked out. What runs there goes on." +
      (card.link === "connected" ? "" : " It is not connected: this happens when it comes back."),
    action: "Rotate keys",
  });
  return isSure && post(card, "rotate-key");
}

/** What revoking takes away, in sentences. */
export const revocationOf = (card) => {
  const said = ["Its token and keys are worth nothing from then on, and its connection is closed at once."];
  const places = card.places.map((place) => place.name);
  if (places.length) said.push(`These environments cannot be used there any more: ${listed(places)}.`);
  const work = card.work.map((entry) => `${entry.title} (${entry.words})`);
  if (work.length) said.push(`What goes on there is given up and stopped: ${listed(work)}.`);
  said.push("Afterwards the secrets that it has seen are listed: rotate those.");
  said.push("This cannot be undone; the machine can be added again as a new node.");
  return said.join(" ");
};

export async function revokeNode(card) {
  const isSure = await confirm({
    title: `Revoke ${card.name}?`,
    text: revocationOf(card),
    action: "Revoke node",
    isDanger: true,
  });
  return isSure && post(card, "revoke");
}

/** The node's menu. */
export const actionsOf = (card, act) => {
  const isUsable = card.link === "connected" || card.link === "unreachable";
  return [
    { label: "Rename", icon: "edit", onSelect: act.rename },
    isUsable && !card.is_drained && { label: "Drain…", icon: "pause", note: "It takes no new work", onSelect: act.drain },
    isUsable && card.is_drained && { label: "Resume", icon: "play", note: "It takes work again", onSelect: act.resume },
    isUsable && { label: "Rotate keys…", icon: "key", note: "New keys and a new token", onSelect: act.rotate },
    { isLine: true },
    isUsable && {
      label: "Revoke…",
      icon: "lock",
      note: "For a machine you no longer trust",
      isDanger: true,
      onSelect: act.revoke,
    },
    { label: "Remove…", icon: "trash", isDanger: true, onSelect: act.remove },
  ].filter(Boolean);
};
