// A word about what happened elsewhere; what happens here is said where it happens.
const SHOWN_MS = 6000;

const region = () => {
  const found = document.getElementById("toasts");
  if (found) return found;
  const made = document.createElement("div");
  made.id = "toasts";
  made.className = "toasts";
  made.setAttribute("role", "status");
  made.setAttribute("popover", "manual"); // or an open dialog would cover it
  document.body.append(made);
  return made;
};

/** Say something at the foot of the page for a while; `undo` is `{label, onSelect}`. */
export function toast(text, undo) {
  const place = region();
  const one = document.createElement("div");
  one.className = "toast";
  one.append(text);
  const leave = () => {
    one.remove();
    if (!place.childElementCount && place.matches(":popover-open")) place.hidePopover();
  };
  if (undo) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "toast-action";
    button.textContent = undo.label;
    button.onclick = () => {
      leave();
      undo.onSelect();
    };
    one.append(button);
  }
  if (place.matches(":popover-open")) place.hidePopover(); // the newest is over the newest dialog
  place.showPopover();
  place.append(one);
  let timer = setTimeout(leave, SHOWN_MS);
  one.onpointerenter = () => clearTimeout(timer);
  one.onpointerleave = () => {
    timer = setTimeout(leave, SHOWN_MS);
  };
}
