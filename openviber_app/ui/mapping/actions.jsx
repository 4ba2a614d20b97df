import { jsx } from "@emotion/react";
import { useState } from "react";
import { confirm } from "$/public/external/openviber_app/ui/kit/confirm.js";
import { openDialog } from "$/public/external/openviber_app/ui/kit/dialogs.js";
import { Menu } from "$/public/external/openviber_app/ui/kit/menu.jsx";
import { request } from "$/public/external/openviber_app/ui/live/request.js";
import { isGoingOn, unmapText } from "./node_words.js";

const showAttempt = (binding, prepare) => openDialog("map", { environment: binding.environmentId, prepare });

/** What can be done with an environment on a node; a refusal is said below, in `onProblem`. */
export function Actions({ binding, onProblem, onHistory, canRun = true, canEdit = true, isOwn = true }) {
  const [isBusy, setBusy] = useState(false);
  const act = async (send) => {
    if (isBusy) return;
    setBusy(true);
    onProblem("");
    try {
      await send();
    } catch (problem) {
      onProblem(problem.message);
    }
    setBusy(false);
  };
  const prepare = (force) =>
    act(async () => {
      const answer = await request("POST", `/api/bindings/${binding.id}/prepares`, { force });
      showAttempt(binding, answer.prepare.id);
    });
  const unmap = async () => {
    const isMeant = await confirm({
      title: `Unmap ${binding.environmentName} from ${binding.nodeName}?`,
      text: unmapText(binding),
      action: "Unmap",
      isDanger: true,
    });
    if (isMeant) await act(() => request("DELETE", `/api/bindings/${binding.id}`));
  };
  const items = [
    canRun && { label: "Prepare from scratch", note: "Everything again, although nothing changed", isDisabled: isGoingOn(binding), onSelect: () => prepare(true) },
    onHistory && { label: "History of attempts", onSelect: onHistory },
    canEdit && !binding.isDefault && {
      label: "Make default",
      note: "Threads go there unless they name a node",
      onSelect: () => act(() => request("PATCH", `/api/bindings/${binding.id}`, { isDefault: true })),
    },
    isOwn && { isLine: true },
    isOwn && { label: "Unmap", isDanger: true, onSelect: unmap },
  ];
  return jsx(
    "div",
    { className: "binding-actions" },
    binding.lastPrepareId &&
      jsx(
        "button",
        { type: "button", className: "btn btn-small", onClick: () => showAttempt(binding, binding.lastPrepareId) },
        isGoingOn(binding) ? "View attempt" : "Log",
      ),
    canRun && !isGoingOn(binding) && binding.nodeLink !== "revoked" &&
      jsx("button", { type: "button", className: "btn btn-small", "aria-disabled": isBusy, onClick: () => prepare(false) }, "Prepare again"),
    items.some(Boolean) && jsx(Menu, { label: `More for ${binding.environmentName} on ${binding.nodeName}`, items: items.filter(Boolean) }),
  );
}
