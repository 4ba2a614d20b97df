// From one click to the sample being prepared: made, mapped to the node that fits best, opened.
import { request } from "$/public/external/openviber_app/ui/live/request.js";

const LOOK_MS = 500;
const LOOKS = 20; // a board's own node connects within seconds of the first account

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/** Wait a while for a node that is there: what waits is gone as soon as the sample is made. */
async function awaitNode(onWait) {
  for (let look = 0; look < LOOKS; look++) {
    const { nodes } = await request("GET", "/api/nodes");
    if (nodes.some((node) => node.link === "connected")) return;
    onWait();
    await pause(LOOK_MS);
  }
}

/** The connected node that fits best, if any does. */
async function findNode(environment) {
  const { nodes } = await request("GET", `/api/environments/${environment}/nodes`);
  const able = nodes.filter((node) => node.link === "connected" && !node.issues.length);
  return able.find((node) => node.isBest) ?? able[0];
}

/** Make what is missing and return where to go; `onStep` hears in words what is waited for. */
export async function prepareSample(onStep) {
  await awaitNode(() => onStep("Waiting for a node…"));
  onStep("Making it…");
  const { id, defaultBindingId } = await request("POST", "/api/environments/sample");
  const page = `/environments/${id}`;
  if (defaultBindingId) return page;
  const node = await findNode(id);
  if (!node) return `${page}?dialog=map`;
  onStep(`Asking ${node.name}…`);
  const { prepare } = await request("POST", `${page.replace("/env", "/api/env")}/bindings`, { nodeId: node.nodeId });
  return `${page}?dialog=map&map.prepare=${prepare.id}`;
}
