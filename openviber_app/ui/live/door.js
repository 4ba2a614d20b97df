// The one way from a page to the door, for somebody whose session is over.
const DOORS = ["/sign-in", "/setup", "/join", "/reset"];

/** Go and sign in, then come back here; asked twice, it goes once. */
export function toTheDoor() {
  if (globalThis.__openviberLeaves || DOORS.some((door) => location.pathname.startsWith(door))) return;
  globalThis.__openviberLeaves = true; // not of this module: the bundler may load it twice
  location.assign(`/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`);
}
