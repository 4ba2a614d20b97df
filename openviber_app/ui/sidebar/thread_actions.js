// What can be done with a thread in the list. Each tells the board and then has the list look again.
import { toast } from "$/public/external/openviber_app/ui/kit/toast.js";
import { copyText } from "$/public/external/openviber_app/ui/live/copy_text.js";
import { request } from "$/public/external/openviber_app/ui/live/request.js";
import { refusalOf } from "$/public/external/openviber_app/ui/live/words.js";

const patch = (thread, change) => request("PATCH", `/api/threads/${thread.id}`, change);

/** Do it, look again, and say what the board refused. */
const trying = async (cache, work) => {
  try {
    await work();
    cache.refresh();
    return true;
  } catch (problem) {
    toast(refusalOf(problem));
    return false;
  }
};

export const pin = (cache, thread, isPinned) => trying(cache, () => patch(thread, { isPinned }));

export const markUnread = (cache, thread, isUnread) => trying(cache, () => patch(thread, { isUnread }));

export const restore = (cache, thread) => trying(cache, () => patch(thread, { status: "active" }));

export async function archive(cache, thread) {
  const wasPaused = thread.status === "paused";
  if (!(await trying(cache, () => patch(thread, { status: "archived" })))) return;
  const undo = () =>
    trying(cache, async () => {
      await patch(thread, { status: "active" });
      if (wasPaused) await patch(thread, { status: "paused" });
    });
  toast(`Archived “${thread.title}”`, { label: "Undo", onSelect: undo });
}

export async function copyLink(thread) {
  const address = `${location.origin}/threads/${thread.id}`;
  toast((await copyText(address)) ? "Link copied" : `The browser does not let pages copy here; the address is ${address}`);
}

/** Give a thread another name; throws what the board refused. */
export async function rename(cache, thread, title) {
  await patch(thread, { title });
  cache.refresh();
}
