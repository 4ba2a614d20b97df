// Removing a node: what goes is named before it goes.
import { confirm } from "$/public/external/openviber_app/ui/kit/confirm.js";
import { request } from "$/public/external/openviber_app/ui/live/request.js";
import { forget } from "./commands.js";

const MAX_NAMES = 5;

/** Names in a sentence, the first few of many. */
export const listed = (names) => {
  const more = names.length - MAX_NAMES;
  const shown = names.slice(0, MAX_NAMES).join(", ");
  return more > 0 ? `${shown} and ${more} more` : shown;
};

/** What removing a node takes away, in sentences. */
export const lossOf = (card) => {
  if (card.link === "waiting") return "It was never set up: only its one-time command stops working.";
  const said = [];
  if (card.link === "revoked") said.push("With it goes the list of the secrets that it has seen.");
  const places = card.places.map((place) => place.name);
  if (places.length) said.push(`These environments are no longer mapped to it: ${listed(places)}.`);
  const work = card.work.map((entry) => `${entry.title} (${entry.words})`);
  if (work.length) said.push(`What goes on there is given up: ${listed(work)}.`);
  if (places.length) said.push("Threads keep their history; those that worked there wait for another node.");
  const isTold = card.link !== "revoked"; // a revoked one was told already
  said.push(
    !isTold
      ? "The files on the machine stay."
      : card.link === "connected"
      ? "Its daemon is told so and stops; the files on the machine stay."
      : "Its daemon is told so when it next connects; the files on the machine stay.",
  );
  said.push("This cannot be undone, but the machine can be added again.");
  return said.join(" ");
};

/** Ask, then remove; whether it is gone. Throws the board's Problem. */
export async function removeNode(card) {
  const isSure = await confirm({
    title: `Remove ${card.name}?`,
    text: lossOf(card),
    action: "Remove node",
    isDanger: true,
  });
  if (!isSure) return false;
  await request("DELETE", `/api/nodes/${card.id}`);
  forget(card.id);
  return true;
}
