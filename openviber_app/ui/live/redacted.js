// Where the redactor masked a secret: the bytes say `[REDACTED]` and a page draws `••••`. The letters
// stay in the page, so what is copied, searched and downloaded is what is stored.
export const MASK = "[REDACTED]";
export const DRAWN = "••••";

/** What the element of a mask is, in React and outside of it; its letters lie in one more element. */
export const LOOK = { className: "redacted", role: "img", label: "redacted", title: "A secret was masked here" };

/** A text in parts; every second one is a mask. */
export const partsOf = (text) => text.split(/(\[REDACTED\])/);

/** A text for where nothing can be drawn: the title of an element. */
export const drawnWords = (text) => text?.replaceAll(MASK, DRAWN);

/** The element of a mask for a page that is not React's; `letters` are its nodes. */
export const maskOf = (letters) => {
  const mask = document.createElement("span");
  Object.assign(mask, { className: LOOK.className, role: LOOK.role, ariaLabel: LOOK.label, title: LOOK.title });
  mask.appendChild(document.createElement("span")).append(...letters);
  return mask;
};
