import { jsx } from "@emotion/react";
import { useEffect, useRef } from "react";
import { Link, useNavigate } from "react-router";
import { openDialog, useQuery } from "$/public/external/openviber_app/ui/kit/dialogs.js";
import { Icon } from "$/public/external/openviber_app/ui/kit/icons.jsx";
import { NodeCard, cardId } from "./node_card.jsx";
import { NodeDetails } from "./node_details.jsx";

const HEADING = "node-details-name";
const DOCKED = "(min-width: 1280px)";

const summary = (cards) => {
  const of = (link) => cards.filter((card) => card.link === link).length;
  const said = [
    [of("connected"), "connected"],
    [of("unreachable"), "unreachable"],
    [of("waiting"), "waiting"],
    [of("revoked"), "revoked"],
  ];
  return said
    .filter(([n]) => n)
    .map(([n, word]) => `${n} ${word}`)
    .join(" · ");
};

const AddButton = () =>
  jsx(
    "button",
    { type: "button", className: "btn", "aria-haspopup": "dialog", onClick: () => openDialog("add-node") },
    jsx(Icon, { name: "plus" }),
    "Add node",
  );

const Empty = () =>
  jsx(
    "div",
    { className: "m-auto max-w-sm p-6 text-center" },
    jsx("h2", { className: "text-[15px] font-semibold mb-1" }, "No machines yet"),
    jsx(
      "p",
      { className: "text-tx2 mb-4" },
      "A node is a machine of yours that runs threads: this one, a server, a workstation. It connects out to the " +
        "board, so it needs no open port.",
    ),
    jsx(AddButton),
  );

const Gone = () =>
  jsx(
    "div",
    { className: "node-details-body" },
    jsx("h2", { id: HEADING, tabIndex: -1 }, "There is no such node"),
    jsx("p", { className: "text-tx2" }, "It was removed, or it is not yours."),
  );

/** Where the focus goes when details open over the list, and where it returns to. */
const useFocus = (selected) => {
  const before = useRef(selected);
  useEffect(() => {
    if (before.current === selected) return;
    const last = before.current;
    before.current = selected;
    if (!selected) document.getElementById(cardId(last))?.focus();
    else if (!matchMedia(DOCKED).matches) document.getElementById(HEADING)?.focus();
  }, [selected]);
};

/** The nodes, and the details of the one that the address names. */
export function NodesPage({ cards, isLoaded }) {
  const selected = new URLSearchParams(useQuery()).get("node") ?? "";
  const navigate = useNavigate();
  const card = cards.find((one) => one.id === selected);
  useFocus(selected);
  const leave = (event) => {
    if (event.key !== "Escape" || event.defaultPrevented || event.target.closest("dialog, [role=menu]")) return;
    navigate("/nodes", { preventScrollReset: true });
  };
  return jsx(
    "div",
    { className: "nodes", "data-open": selected ? true : undefined, onKeyDown: selected ? leave : undefined },
    jsx(
      "header",
      { className: "nodes-head" },
      jsx(
        Link,
        { to: selected ? "/nodes" : "/", className: "btn btn-quiet nodes-back", "aria-label": "Back" },
        jsx(Icon, { name: "back", size: 16 }),
      ),
      jsx("h1", { className: "text-[15px] font-semibold" }, "Nodes"),
      jsx("span", { className: "text-tx3 text-[11px] truncate" }, summary(cards)),
      jsx("span", { className: "flex-1" }),
      cards.length > 0 && jsx(AddButton),
    ),
    isLoaded && cards.length === 0 && !selected
      ? jsx(Empty)
      : jsx(
          "div",
          { className: "nodes-body" },
          jsx(
            "ul",
            { className: "nodes-list", "aria-label": "Nodes" },
            cards.map((one) => jsx(NodeCard, { key: one.id, card: one, isSelected: one.id === selected })),
          ),
          selected &&
            isLoaded &&
            jsx(
              "aside",
              { className: "node-details", "aria-labelledby": HEADING },
              jsx(
                Link,
                { to: "/nodes", preventScrollReset: true, className: "btn btn-quiet node-details-close", "aria-label": "Close details" },
                jsx(Icon, { name: "x" }),
              ),
              card ? jsx(NodeDetails, { key: card.id, card, headingId: HEADING }) : jsx(Gone),
            ),
        ),
  );
}
