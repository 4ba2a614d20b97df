// Asks once before something is gone for good. It is no address: going back means "no".
const element = (name, className, text) => {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
};

/** Ask; `action` is the word on the button that does it. Escape and the backdrop mean no. */
export function confirm({ title, text = "", action = "Continue", isDanger = false }) {
  return new Promise((answer) => {
    const box = element("dialog", "sheet confirm");
    box.setAttribute("role", "alertdialog");
    box.setAttribute("aria-label", title);
    const foot = element("div", "confirm-foot");
    const no = element("button", "btn", "Cancel");
    const yes = element("button", isDanger ? "btn btn-danger-filled" : "btn btn-primary", action);
    for (const button of [no, yes]) button.type = "button";
    foot.append(no, yes);
    box.append(element("h2", "sheet-title", title), element("p", "sheet-text", text), foot);
    document.body.append(box);
    let said = false;
    const leave = () => box.open && box.close();
    const back = () => leave();
    yes.onclick = () => {
      said = true;
      leave();
    };
    no.onclick = leave;
    box.onpointerdown = (event) => {
      const { left, right, top, bottom } = box.getBoundingClientRect();
      const { clientX: x, clientY: y } = event;
      if (x < left || x > right || y < top || y > bottom) leave();
    };
    box.onclose = () => {
      removeEventListener("popstate", back);
      box.remove();
      answer(said);
    };
    addEventListener("popstate", back);
    box.showModal();
    (isDanger ? no : yes).focus();
  });
}
