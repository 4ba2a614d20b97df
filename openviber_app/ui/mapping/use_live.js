// What the board tells at an address, asked again whenever something of this person's changed.
// All views of an address share one answer. They live on globalThis because the bundler may load a module twice.
import { useMemo, useSyncExternalStore } from "react";
import { request } from "$/public/external/openviber_app/ui/live/request.js";
import { live } from "$/public/external/openviber_app/ui/live/socket.js";

const SETTLE_MS = 60;

const answers = () => (globalThis.__openviberAnswers ??= new Map());

class Answer {
  state = { data: null, problem: null };
  #listeners = new Set();
  #off = [];
  #timer = 0;
  #isAsking = false;
  #isOld = false;

  constructor(path) {
    this.path = path;
  }

  subscribe = (listener) => {
    this.#listeners.add(listener);
    if (this.path && this.#listeners.size === 1) this.#start();
    return () => {
      this.#listeners.delete(listener);
      if (!this.#listeners.size) this.#stop();
    };
  };

  get = () => this.state;

  load = async () => {
    this.#isOld = true;
    if (this.#isAsking || !this.path) return;
    this.#isAsking = true;
    while (this.#isOld && this.#listeners.size) {
      this.#isOld = false;
      try {
        this.#set({ data: await request("GET", this.path), problem: null });
      } catch (problem) {
        this.#set({ ...this.state, problem });
      }
    }
    this.#isAsking = false;
  };

  #set(state) {
    this.state = state;
    for (const listener of this.#listeners) listener();
  }

  #soon = () => {
    this.#timer ||= setTimeout(() => {
      this.#timer = 0;
      this.load();
    }, SETTLE_MS);
  };

  #start() {
    answers().set(this.path, this);
    const offWatch = live.watch((state) => state === "open" && this.#soon()); // what was missed meanwhile
    this.#off = [live.subscribe("user", this.#soon), offWatch];
    this.load();
  }

  #stop() {
    for (const off of this.#off.splice(0)) off();
    clearTimeout(this.#timer);
    this.#timer = 0;
    answers().delete(this.path);
  }
}

const answerOf = (path) => {
  const found = answers().get(path) ?? new Answer(path);
  answers().set(path, found);
  return found;
};

/** Returns `{ data, problem, reload }`; `data` is null until the first answer. */
export function useLive(path) {
  const answer = useMemo(() => answerOf(path), [path]);
  const state = useSyncExternalStore(answer.subscribe, answer.get, answer.get);
  return { ...state, reload: answer.load };
}
