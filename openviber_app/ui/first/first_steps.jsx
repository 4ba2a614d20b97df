import { jsx } from "@emotion/react";
import { useId, useRef, useState } from "react";
import { useNavigate } from "react-router";
import { Icon } from "$/public/external/openviber_app/ui/kit/icons.jsx";
import { refusalOf } from "$/public/external/openviber_app/ui/live/words.js";
import { complaintOf, wizardFor } from "./repository_address.js";
import { prepareSample } from "./sample.js";

/** A repository of one's own: its address goes along to the wizard. */
function Repository() {
  const [complaint, setComplaint] = useState("");
  const field = useRef(null);
  const navigate = useNavigate();
  const id = useId();
  const go = (event) => {
    event.preventDefault();
    const found = complaintOf(field.current.value);
    setComplaint(found);
    if (found) field.current.focus();
    else navigate(wizardFor(field.current.value));
  };
  return jsx(
    "section",
    { className: "first-card", "aria-labelledby": `${id}-title` },
    jsx("div", { className: "first-art", "aria-hidden": true }, jsx(Icon, { name: "branch", size: 18 })),
    jsx("h2", { id: `${id}-title` }, "Your repository"),
    jsx("p", null, "Paste its address. You then say how it is set up, and which of your machines holds it."),
    jsx(
      "form",
      { onSubmit: go, noValidate: true },
      jsx("label", { className: "label", htmlFor: id }, "Address"),
      jsx("input", {
        id,
        ref: field,
        className: "field",
        name: "repo",
        placeholder: "https://github.com/acme/checkout-api",
        autoComplete: "off",
        autoCapitalize: "off",
        spellCheck: false,
        enterKeyHint: "go",
        "aria-invalid": Boolean(complaint),
        "aria-describedby": `${id}-help`,
        onInput: () => setComplaint(""),
      }),
      jsx(
        "p",
        { id: `${id}-help`, className: complaint ? "help refusal" : "help", role: complaint ? "alert" : undefined },
        complaint || "https or ssh; private ones too",
      ),
      jsx("button", { type: "submit", className: "btn" }, "Continue"),
    ),
  );
}

/** The repository that ships with the board: one click, and it is being prepared. */
function Sample({ node }) {
  const [step, setStep] = useState("");
  const [refusal, setRefusal] = useState("");
  const isBusy = useRef(false);
  const navigate = useNavigate();
  const id = useId();
  const go = async () => {
    if (isBusy.current) return;
    isBusy.current = true;
    setRefusal("");
    try {
      navigate(await prepareSample(setStep));
    } catch (problem) {
      setRefusal(refusalOf(problem));
      setStep("");
      isBusy.current = false;
    }
  };
  return jsx(
    "section",
    { className: "first-card", "aria-labelledby": `${id}-title` },
    jsx("div", { className: "first-art", "aria-hidden": true }, jsx(Icon, { name: "play", size: 16 })),
    jsx("h2", { id: `${id}-title` }, "A sample"),
    jsx("p", null, "A small Python project that ships with OpenViber: nothing to download, nothing to fill in."),
    jsx(
      "ol",
      { className: "first-plan" },
      jsx("li", null, node ? `it is set up on ${node}` : "it is set up on your first node"),
      jsx("li", null, "you run its tests, or draw a city, in a thread"),
      jsx("li", null, "delete it whenever you like"),
    ),
    jsx(
      "button",
      { type: "button", className: "btn btn-primary", onClick: go, "aria-disabled": Boolean(step), "aria-describedby": `${id}-said` },
      step || "Try the sample",
    ),
    jsx("p", { id: `${id}-said`, className: "help refusal", role: "alert" }, refusal),
  );
}

/** The two ways on from an empty board. */
export function FirstSteps({ node, className }) {
  return jsx("div", { className: `first-steps ${className ?? ""}` }, jsx(Repository), jsx(Sample, { node }));
}
