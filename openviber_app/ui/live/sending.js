// What is on its way to the board, kept until the board has answered: should the answer be lost with
// a killed board or a closed tab, the same words go again under the same key and are taken once.
const nameOf = (place) => `openviber:sending:${place}`;

export const newKey = () => crypto.randomUUID?.() ?? `${Date.now()}-${Math.random().toString(36).slice(2)}`;

/** The record of these words from this place: the one that was begun, or a new one. */
export function begin(place, text) {
  let record = null;
  try {
    record = JSON.parse(localStorage.getItem(nameOf(place)));
  } catch {
    // not ours: a new one takes its place
  }
  if (record?.text !== text || !record.key) {
    // a thread that was made for words that changed since is the thread of the new words
    record = { text, key: newKey(), threadKey: record?.threadKey ?? newKey() };
    localStorage.setItem(nameOf(place), JSON.stringify(record));
  }
  return record;
}

export const finish = (place) => localStorage.removeItem(nameOf(place));
