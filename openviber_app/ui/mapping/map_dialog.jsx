import { jsx } from "@emotion/react";
import { useRef, useState } from "react";
import { useLocation, useNavigate } from "react-router";
import { closeDialog, openDialog, useDialog } from "$/public/external/openviber_app/ui/kit/dialogs.js";
import { Icon } from "$/public/external/openviber_app/ui/kit/icons.jsx";
import { useDraft } from "$/public/external/openviber_app/ui/live/draft.js";
import { request } from "$/public/external/openviber_app/ui/live/request.js";
import { Ahead, Attempt } from "./attempt.jsx";
import { hasEnded } from "./attempt_words.js";
import { NodeCards } from "./node_cards.jsx";
import { Strategy } from "./strategy.jsx";
import { useLive } from "./use_live.js";

const PLAIN = { strategy: "auto_clone", existingPath: "", fastForward: false };
const GOING_ON = new Set(["pending", "preparing"]);

const sentence = (text) => text && text[0].toUpperCase() + text.slice(1) + (/[.!?…]$/.test(text) ? "" : ".");

/** What is chosen: the address's word first, then what goes on, then the best node. */
const chosenOf = (nodes, params, prepare) => {
  const able = nodes.filter((node) => !node.issues.length);
  return (
    nodes.find((node) => node.nodeId === (params.node ?? prepare?.nodeId)) ??
    able.find((node) => GOING_ON.has(node.status)) ??
    able.find((node) => node.isBest) ??
    able[0]
  );
};

const NoNode = () =>
  jsx(
    "div",
    { className: "map-empty" },
    jsx("p", { className: "font-medium" }, "There is no node yet"),
    jsx("p", { className: "text-tx2" }, "A node is a machine of yours that clones the environment and runs its threads."),
    jsx("button", { type: "button", className: "btn btn-primary", onClick: () => openDialog("add-node") }, "Add node"),
  );

/** Choosing a node, and then the attempt of preparing the environment there. */
export function MapDialog({ environment: page }) {
  const params = useDialog("map") ?? {};
  const { pathname } = useLocation();
  const navigate = useNavigate();
  const here = /^\/environments\/([0-9a-f-]{36})/.exec(pathname)?.[1];
  const asked = useLive(params.prepare ? `/api/prepares/${params.prepare}` : "");
  const environment = params.environment ?? asked.data?.environmentId ?? here ?? page;
  const { data: fits, problem: unknown } = useLive(environment ? `/api/environments/${environment}/nodes` : "");
  const draft = useDraft(`map:${environment || "none"}`);
  const [state, setState] = useState({ isBusy: false, problem: "", path: "" });
  const form = useRef(null);
  const nodes = fits?.nodes ?? [];
  const node = chosenOf(nodes, params, asked.data);
  const goesOn = !params.prepare && node && GOING_ON.has(node.status) ? node.lastPrepareId : "";
  const running = useLive(goesOn ? `/api/prepares/${goesOn}` : "");
  const prepare = params.prepare ? asked.data : running.data;
  const kept = node?.bindingId ? { ...PLAIN, strategy: node.strategy, existingPath: node.existingPath } : PLAIN;
  const value = { ...kept, ...(draft.value ?? {}) };
  const isOpenAttempt = prepare && !hasEnded(prepare);
  const also = params.environment ? { environment: params.environment } : {};

  const act = async (send) => {
    if (state.isBusy) return;
    setState({ isBusy: true, problem: "", path: "" });
    try {
      await send();
      setState({ isBusy: false, problem: "", path: "" });
    } catch (problem) {
      const path = problem.errors?.find((one) => one.pointer === "/existingPath")?.detail ?? "";
      const others = problem.errors?.filter((one) => one.pointer !== "/existingPath").map((one) => sentence(one.detail));
      const said = problem.errors?.length ? others.join(" ") : sentence(problem.message);
      setState({ isBusy: false, problem: said, path: sentence(path) });
      if (path) form.current?.querySelector("#map-path")?.focus();
    }
  };
  const show = (answer) => openDialog("map", { ...also, prepare: answer.prepare.id });
  const start = (event) => {
    event.preventDefault();
    act(async () => {
      const isPath = value.strategy === "existing_path" && fits.type !== "manual";
      const body = isPath ? value : { strategy: "auto_clone" };
      const answer = await request("POST", `/api/environments/${environment}/bindings`, { ...body, nodeId: node.nodeId });
      draft.discard();
      show(answer);
    });
  };
  const retry = () => act(async () => show(await request("POST", `/api/bindings/${prepare.bindingId}/prepares`, {})));
  const cancel = () =>
    act(async () => {
      await request("POST", `/api/prepares/${prepare.id}/cancel`);
      (params.prepare ? asked : running).reload();
    });
  const newThread = () => {
    const type = () => document.querySelector(".composer textarea")?.focus();
    form.current.closest("dialog").addEventListener("close", type, { once: true }); // after its own
    navigate(`/environments/${environment}`);
  };
  const name = fits?.name ?? "";
  const missing = unknown?.status === 404 || asked.problem?.status === 404;
  const edit = jsx("a", { key: "edit", className: "btn", href: `/environments/${environment}/edit` }, "Edit environment");
  const foot = () => {
    if (isOpenAttempt)
      return [
        jsx("button", { key: "close", type: "button", className: "btn btn-quiet", onClick: closeDialog }, "Close, keep preparing"),
        jsx("span", { key: "gap", className: "flex-1" }),
        jsx(
          "button",
          { key: "cancel", type: "button", className: "btn btn-danger", onClick: cancel, disabled: !!prepare.cancelRequestedAt },
          prepare.cancelRequestedAt ? "Stopping…" : "Cancel",
        ),
      ];
    if (prepare?.status === "succeeded")
      return [
        jsx("button", { key: "again", type: "button", className: "btn", onClick: retry }, "Prepare again"),
        jsx("span", { key: "gap", className: "flex-1" }),
        jsx("button", { key: "thread", type: "button", className: "btn btn-primary", onClick: newThread }, "New thread"),
      ];
    if (prepare)
      return [
        edit,
        jsx("span", { key: "gap", className: "flex-1" }),
        jsx("button", { key: "retry", type: "button", className: "btn btn-primary", onClick: retry, "aria-disabled": state.isBusy }, "Retry"),
      ];
    return [
      jsx("button", { key: "close", type: "button", className: "btn btn-quiet", onClick: closeDialog }, "Close"),
      jsx("span", { key: "gap", className: "flex-1" }),
      jsx(
        "button",
        { key: "start", type: "submit", className: "btn btn-primary", disabled: !node, "aria-disabled": state.isBusy },
        state.isBusy ? "Asking the node…" : "Prepare environment",
      ),
    ];
  };
  const away = node && !prepare && node.link !== "connected";
  return jsx(
    "div",
    { className: "map", "data-attempt": prepare ? prepare.status : undefined },
    jsx(
      "form",
      { ref: form, className: "map-choice", onSubmit: start, noValidate: true },
      jsx(
        "div",
        { className: "map-head" },
        jsx("h2", { className: "sheet-title" }, "Map to node"),
        jsx("p", { className: "sheet-text" }, name ? `${name} will be provisioned there; no shell needed.` : "\u00a0"),
      ),
      missing && jsx("p", { role: "alert", className: "text-red" }, "There is no such attempt or environment: it was removed, or it is not yours."),
      fits && nodes.length > 0 &&
        jsx(NodeCards, {
          nodes,
          selected: node?.nodeId,
          onSelect: (id) => openDialog("map", { ...also, node: id }),
        }),
      away && jsx("p", { className: "help" }, `${node.name} is offline: the prepare begins by itself when it is back.`),
      fits && nodes.length > 0 && !isOpenAttempt &&
        jsx(Strategy, {
          type: fits.type,
          localPath: fits.localPath,
          value,
          problem: state.path,
          onChange: (change) => draft.set((last) => ({ ...(last ?? {}), ...change })),
        }),
      jsx("p", { role: "alert", className: "map-problem" }, state.problem),
      jsx("div", { className: "map-foot" }, ...foot()),
    ),
    jsx(
      "div",
      { className: "map-attempt" },
      jsx(
        "button",
        { type: "button", className: "btn btn-quiet btn-icon map-close", "aria-label": "Close", onClick: closeDialog },
        jsx(Icon, { name: "x" }),
      ),
      prepare ? jsx(Attempt, { key: prepare.id, prepare }) : fits && (nodes.length ? node && jsx(Ahead, { node }) : jsx(NoNode)),
    ),
  );
}
