// What people type: in this browser's localStorage before the key is up, on the board soon after.
// A value that the board has not confirmed is ours and wins; a confirmed one gives way to the
// board's, where another device may have written since. It lives on globalThis because the
// bundler may load this module twice.
const PREFIX = "openviber:draft:";
const OWNER = "openviber:drafts-of";
const SOON_MS = 400;
const RETRY_MS = 2000;
const KEEPALIVE_BYTES = 60_000; // a browser's limit is 64 KiB for all that leave with a page
const NOTHING = Object.freeze({ value: null, isLoaded: false, state: "saved" });

const isEmpty = (value) =>
  value === null || value === undefined || value === "" || (typeof value === "object" && !Object.keys(value).length);

const stored = (name) => {
  try {
    return JSON.parse(localStorage.getItem(name));
  } catch {
    return null; // no storage, or not ours
  }
};

const store = (name, entry) => {
  try {
    if (entry) localStorage.setItem(name, JSON.stringify(entry));
    else localStorage.removeItem(name);
  } catch {
    // a full or forbidden storage: the board still gets it
  }
};

const create = () => {
  const drafts = new Map(); // key -> draft
  let owner = stored(OWNER) ?? "";
  let isOwnerKnown = false; // what an earlier visitor left is not sent in this one's name
  const place = (key) => `${PREFIX}${owner}:${key}`;

  const make = (key) => {
    const readers = new Set();
    const path = `/api/drafts/${encodeURIComponent(key)}`;
    let snapshot = NOTHING;
    let isConfirmed = true;
    let isTyped = false; // in this tab, since it was opened
    let isRefused = false;
    let timer = 0;
    let sending = null;

    const show = (change) => {
      snapshot = Object.freeze({ ...snapshot, ...change });
      for (const reader of readers) reader();
    };
    const keep = () => {
      const isGone = isConfirmed && isEmpty(snapshot.value);
      store(place(key), isGone ? null : { value: snapshot.value ?? null, isConfirmed });
    };
    const read = () => {
      const entry = stored(place(key));
      isConfirmed = entry?.isConfirmed ?? true;
      show({ value: entry?.value ?? null, state: isConfirmed ? "saved" : "local" });
    };
    const later = (delay) => {
      clearTimeout(timer);
      timer = setTimeout(push, delay);
    };
    const put = (value, options) =>
      fetch(path, {
        method: "PUT",
        credentials: "same-origin",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ value: value ?? null }),
        ...options,
      });

    async function push() {
      clearTimeout(timer);
      if (!isOwnerKnown && !isTyped) return load();
      if (isConfirmed || sending || isRefused) return;
      const value = snapshot.value;
      sending = put(value);
      show({ state: "saving" });
      let isKept = false;
      try {
        const response = await sending;
        isKept = response.ok;
        isRefused = [413, 422].includes(response.status);
        if (isKept) adopt((await response.json()).ownerId);
      } catch {
        isKept = false;
      }
      sending = null;
      if (isKept && Object.is(value, snapshot.value)) {
        isConfirmed = true;
        keep();
        show({ state: "saved" });
      } else if (isKept) push();
      else {
        show({ state: "local" });
        if (!isRefused) later(RETRY_MS);
      }
    }

    async function load() {
      if (!isConfirmed) show({ isLoaded: true });
      try {
        const response = await fetch(path, { credentials: "same-origin" });
        if (response.ok) {
          const found = await response.json();
          adopt(found.ownerId);
          if (isConfirmed && !isTyped) {
            show({ value: found.value, state: "saved" });
            keep();
          } else push();
        }
      } catch {
        later(RETRY_MS); // until then, what this browser has is all there is
      }
      show({ isLoaded: true });
    }

    const draft = {
      read,
      /** Another person owns what was read: theirs stays theirs. */
      move(from, to) {
        if (isTyped || (!from && !stored(`${PREFIX}${to}:${key}`))) {
          store(`${PREFIX}${from}:${key}`, null);
          keep();
        } else read();
      },
      snapshot: () => snapshot,
      subscribe(reader) {
        const isFirst = !readers.size;
        readers.add(reader);
        if (isFirst) {
          isTyped = false;
          load();
        }
        return () => readers.delete(reader);
      },
      set(next) {
        const value = typeof next === "function" ? next(snapshot.value) : next;
        isConfirmed = isRefused = false;
        isTyped = true;
        show({ value: isEmpty(value) ? null : value, isLoaded: true, state: "saving" });
        keep();
        later(SOON_MS);
      },
      discard() {
        draft.set(null);
        return push();
      },
      push,
      /** The page goes: the request may outlive it, the answer will not be seen. */
      leave() {
        if (isConfirmed || isRefused || !(isOwnerKnown || isTyped)) return;
        if (JSON.stringify(snapshot.value ?? null).length > KEEPALIVE_BYTES) return;
        put(snapshot.value, { keepalive: true }).catch(() => {});
      },
      /** Another tab wrote it. */
      follow(entry) {
        if (isConfirmed) show({ value: entry?.value ?? null });
      },
    };
    read();
    return draft;
  };

  const adopt = (id) => {
    isOwnerKnown = true;
    if (!id || id === owner) return;
    const before = owner;
    owner = id;
    store(OWNER, id);
    for (const draft of drafts.values()) draft.move(before, id);
  };

  window.addEventListener("pagehide", () => drafts.forEach((draft) => draft.leave()));
  window.addEventListener("online", () => drafts.forEach((draft) => draft.push()));
  document.addEventListener("visibilitychange", () => document.hidden && drafts.forEach((draft) => draft.push()));
  window.addEventListener("storage", (event) => {
    for (const [key, draft] of drafts) if (event.key === place(key)) draft.follow(stored(event.key));
  });
  return {
    /** Return the draft of a key: `snapshot()`, `subscribe(reader)`, `set(value)`, `discard()`. */
    open(key) {
      if (!drafts.has(key)) drafts.set(key, make(key));
      return drafts.get(key);
    },
  };
};

export { NOTHING };
export const keptDrafts = typeof window === "undefined" ? null : (globalThis.__openviberDrafts ??= create());
