import { jsx } from "@emotion/react";
import { useEffect, useRef, useState } from "react";
import { Link } from "react-router";
import { closeDialog, openDialog, useDialog } from "$/public/external/openviber_app/ui/kit/dialogs.js";
import { Icon } from "$/public/external/openviber_app/ui/kit/icons.jsx";
import { refusalOf } from "$/public/external/openviber_app/ui/live/words.js";
import { Arrival, stepOf, useNode } from "./arrival.jsx";
import { useLeft } from "./clock.jsx";
import { CommandBlock } from "./command_block.jsx";
import { forget, makeAnother, makeCommand, useCommand } from "./commands.js";

const ID = "add-node";

/** What the address in the command means for the machine that is to reach it. */
const Address = ({ made }) =>
  jsx(
    "p",
    { className: made.warning ? "node-notice" : "node-fact" },
    jsx(Icon, { name: made.warning ? "warn" : "lock" }),
    jsx(
      "span",
      { className: "min-w-0" },
      made.warning
        ? `${made.warning}.`
        : ["The machine must reach ", jsx("b", { key: "a" }, made.address), "; what it sends is encrypted."],
    ),
  );

/** The first step: how the node is called. */
function NameForm() {
  const field = useRef(null);
  const [isBusy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState("");
  const send = async (event) => {
    event.preventDefault();
    if (isBusy) return;
    setBusy(true);
    setRefusal("");
    try {
      const made = await makeCommand(field.current.value);
      openDialog(ID, { node: made.nodeId });
    } catch (problem) {
      setRefusal(refusalOf(problem));
      field.current?.focus();
    }
    setBusy(false);
  };
  return jsx(
    "form",
    { onSubmit: send, className: "form", noValidate: true },
    jsx(
      "p",
      { className: "text-tx2" },
      "Any Linux machine with Python 3.11 and git that can reach this board. It gets a command that you run " +
        "there once; it needs no root and opens no port.",
    ),
    jsx(
      "div",
      null,
      jsx("label", { htmlFor: "node-name", className: "label" }, "Name"),
      jsx("input", {
        ref: field,
        id: "node-name",
        name: "name",
        className: "field",
        autoComplete: "off",
        spellCheck: false,
        maxLength: 80,
        placeholder: "studio-02",
        "aria-invalid": refusal ? true : undefined,
        "aria-describedby": "node-name-says",
        onInput: () => refusal && setRefusal(""),
      }),
      jsx(
        "p",
        { id: "node-name-says", role: refusal ? "alert" : undefined, className: "help" },
        refusal || "How you will call it; you can change it later.",
      ),
    ),
    jsx(
      "div",
      { className: "node-foot" },
      jsx("button", { type: "button", className: "btn btn-quiet", onClick: closeDialog }, "Cancel"),
      jsx(
        "button",
        { type: "submit", className: "btn btn-primary", "aria-disabled": isBusy },
        isBusy ? "Making it…" : "Make the command",
      ),
    ),
  );
}

/** What to do with a node that is there. */
const Onwards = ({ id, environment, environmentName }) =>
  jsx(
    "div",
    { className: "node-foot" },
    jsx("button", { type: "button", className: "btn btn-quiet", onClick: () => openDialog(ID) }, "Add another node"),
    jsx(Link, { className: "btn", to: `/nodes?node=${id}` }, "Show the node"),
    environment
      ? jsx(
          Link,
          {
            className: "btn btn-primary",
            to: `/environments/${environment}?dialog=map&map.node=${id}`,
            title: `Map ${environmentName} to this node`,
          },
          "Map an environment",
        )
      : jsx(Link, { className: "btn btn-primary", to: "/environments/new" }, "Create an environment"),
  );

/** The second step: the command, until the machine is there. */
function Command({ id, environment, environmentName }) {
  const made = useCommand(id);
  const { node, problem } = useNode(id);
  const [refusal, setRefusal] = useState("");
  const counted = useLeft(made?.expiresAt ?? node?.tokenExpiresAt);
  const left = node ? counted : 1; // until it is known, the place that it most likely takes
  const step = stepOf(node);
  useEffect(() => {
    if (step === "there") forget(id);
  }, [step, id]);
  const again = async () => {
    setRefusal("");
    try {
      await makeAnother(id);
    } catch (found) {
      setRefusal(refusalOf(found));
    }
  };
  if (problem && !node)
    return jsx(
      "div",
      { className: "form" },
      jsx("p", { role: "alert" }, problem.status === 404 ? "This node was removed." : refusalOf(problem)),
      jsx(
        "div",
        { className: "node-foot" },
        jsx("button", { type: "button", className: "btn", onClick: () => openDialog(ID) }, "Add a node"),
      ),
    );
  const waits = step === "waiting";
  const name = node?.name ?? "this node";
  const isShown = waits && made && left > 0;
  return jsx(
    "div",
    { className: node ? "form" : "form invisible", "aria-busy": !node },
    isShown && [
      jsx(
        "p",
        { key: "what", className: "text-tx2" },
        "Run this on ",
        jsx("b", null, name),
        ". It installs the daemon into ~/.openviber, claims the node and starts it.",
      ),
      jsx(CommandBlock, { key: "command", text: made.commands.install, label: `Command for ${name}` }),
      jsx(Address, { key: "address", made }),
    ],
    waits &&
      !made &&
      left > 0 &&
      jsx(
        "p",
        { className: "text-tx2" },
        "The command of ",
        jsx("b", null, name),
        " was shown once and is kept nowhere. If you no longer have it, make a new one: the old one then ends.",
      ),
    jsx(Arrival, { node, name, left }),
    refusal && jsx("p", { role: "alert", className: "text-red text-[12px]" }, refusal),
    step === "there"
      ? jsx(Onwards, { id, environment, environmentName })
      : jsx(
          "div",
          { className: "node-foot" },
          waits &&
            jsx(
              "button",
              { type: "button", className: isShown || left ? "btn btn-quiet" : "btn btn-primary", onClick: again },
              "Make a new command",
            ),
          jsx("button", { type: "button", className: "btn", onClick: closeDialog }, waits && !left ? "Close" : "Close, keep waiting"),
        ),
  );
}

/** Adding a node: its name, then the one-time command until the node is there. */
export function AddNode({ environment, environmentName }) {
  const asked = useDialog(ID);
  const [shown, setShown] = useState(null);
  useEffect(() => {
    if (asked) setShown(asked); // what closes keeps its content
  }, [asked]);
  const { node } = asked ?? shown ?? {};
  return node
    ? jsx(Command, { key: node, id: node, environment, environmentName })
    : jsx(NameForm, { key: "name" });
}
