/** Put text on the clipboard; false when the browser refuses. */
export async function copyText(text) {
  if (navigator.clipboard) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      // not allowed this way: the older one below may be
    }
  }
  const box = document.createElement("textarea"); // a board without TLS has no clipboard object
  box.value = text;
  box.style.cssText = "position:fixed;opacity:0";
  const before = document.activeElement;
  document.body.append(box);
  box.select();
  const isDone = document.execCommand("copy");
  box.remove();
  before?.focus?.();
  return isDone;
}
