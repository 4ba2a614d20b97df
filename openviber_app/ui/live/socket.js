// The tab's one socket to the board. It lives on globalThis because the bundler may load this
// module twice. Positions come from the database (a sequence number or a byte offset), so a new
// connection, to a restarted board too, goes on exactly where the last one ended.
const FIRST_DELAY = 250;
const LAST_DELAY = 10_000;
const NOT_SIGNED_IN = 4401;

const create = () => {
  const topics = new Map(); // name -> { at, readers }
  const watchers = new Set(); // told "open" or "closed"
  let socket = null;
  let tries = 0;
  let timer = 0;
  const send = (message) => socket?.readyState === 1 && socket.send(JSON.stringify(message));
  const tell = (state) => {
    for (const watcher of watchers) watcher(state);
  };
  const deliver = (batch) => {
    const found = new Map();
    for (const [name, at, event] of batch) {
      const topic = topics.get(name);
      if (!topic) continue;
      if (at >= 0) topic.at = at;
      if (!found.has(name)) found.set(name, []);
      found.get(name).push(event);
    }
    for (const [name, events] of found)
      for (const reader of topics.get(name)?.readers ?? []) reader(events);
  };
  const open = () => {
    clearTimeout(timer);
    if (socket && socket.readyState < 2) return;
    socket = new WebSocket(location.origin.replace(/^http/, "ws") + "/api/live");
    socket.onopen = () => {
      tries = 0;
      tell("open");
      for (const [name, topic] of topics) send({ sub: name, after: topic.at });
    };
    socket.onmessage = (message) => deliver(JSON.parse(message.data));
    socket.onclose = (end) => {
      if (!topics.size) return;
      if (end.code === NOT_SIGNED_IN) {
        // The sign-in page sends back whoever got a new session meanwhile, in another tab.
        const here = encodeURIComponent(location.pathname + location.search);
        if (!location.pathname.startsWith("/sign-in")) location.assign(`/sign-in?next=${here}`);
        return;
      }
      tell("closed");
      const delay = Math.min(LAST_DELAY, FIRST_DELAY * 2 ** tries++);
      timer = setTimeout(open, delay * (0.5 + Math.random() / 2));
    };
  };
  const wake = () => topics.size && open();
  document.addEventListener("visibilitychange", () => !document.hidden && wake());
  window.addEventListener("online", wake);
  return {
    /** Read a topic from `after` on; returns the function that stops it. */
    subscribe(name, reader, after = 0) {
      let topic = topics.get(name);
      if (!topic) {
        topic = { at: after, readers: new Set() };
        topics.set(name, topic);
        send({ sub: name, after });
      }
      topic.readers.add(reader);
      open();
      return () => {
        topic.readers.delete(reader);
        if (topic.readers.size || topics.get(name) !== topic) return;
        topics.delete(name);
        send({ unsub: name });
      };
    },
    /** Be told when the connection opens and closes. */
    watch(watcher) {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
  };
};

export const live = typeof window === "undefined" ? null : (globalThis.__openviberLive ??= create());
