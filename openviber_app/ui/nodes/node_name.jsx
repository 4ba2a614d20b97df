import { jsx } from "@emotion/react";
import { useEffect, useRef, useState } from "react";
import { Icon } from "$/public/external/openviber_app/ui/kit/icons.jsx";
import { request } from "$/public/external/openviber_app/ui/live/request.js";
import { refusalOf } from "$/public/external/openviber_app/ui/live/words.js";

/** A node's name, changed where it stands: Enter keeps what is typed, Escape leaves it as it was. */
export function NodeName({ id, name, headingId, isEditing, setEditing }) {
  const [refusal, setRefusal] = useState("");
  const [saved, setSaved] = useState("");
  const input = useRef(null);
  const button = useRef(null);
  const isSaving = useRef(false);
  useEffect(() => setSaved(""), [name]);
  const wasEditing = useRef(false);
  useEffect(() => {
    if (isEditing) input.current.select();
    else if (wasEditing.current) button.current.focus();
    wasEditing.current = isEditing;
  }, [isEditing]);
  const leave = () => {
    setEditing(false);
    setRefusal("");
  };
  const save = async (event) => {
    event.preventDefault();
    if (isSaving.current) return;
    isSaving.current = true;
    try {
      const answer = await request("PATCH", `/api/nodes/${id}`, { name: input.current.value });
      setSaved(answer.name); // until the list says so too
      leave();
    } catch (problem) {
      setRefusal(refusalOf(problem));
      input.current?.focus();
    }
    isSaving.current = false;
  };
  if (!isEditing)
    return jsx(
      "div",
      { className: "node-name" },
      jsx("h2", { id: headingId, tabIndex: -1, className: "truncate" }, saved || name),
      jsx(
        "button",
        {
          ref: button,
          type: "button",
          className: "btn btn-quiet btn-small",
          "aria-label": "Rename",
          title: "Rename",
          onClick: () => setEditing(true),
        },
        jsx(Icon, { name: "edit" }),
      ),
    );
  return jsx(
    "form",
    { className: "node-name node-name-form", onSubmit: save, noValidate: true },
    jsx("h2", { id: headingId, className: "sr-only" }, name),
    jsx("input", {
      ref: input,
      className: "field",
      defaultValue: saved || name,
      "aria-label": "Name",
      "aria-invalid": refusal ? true : undefined,
      "aria-describedby": refusal ? `${headingId}-says` : undefined,
      autoComplete: "off",
      spellCheck: false,
      maxLength: 80,
      onKeyDown: (event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        leave();
      },
    }),
    jsx("button", { type: "submit", className: "btn" }, "Save"),
    jsx("button", { type: "button", className: "btn btn-quiet", onClick: leave }, "Cancel"),
    refusal && jsx("p", { id: `${headingId}-says`, role: "alert", className: "help" }, refusal),
  );
}
