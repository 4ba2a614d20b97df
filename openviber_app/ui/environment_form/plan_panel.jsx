import { jsx } from "@emotion/react";
import { useEffect, useState } from "react";
import { request } from "$/public/external/openviber_app/ui/live/request.js";

const SOON_MS = 250;

/** What a node will do with the form as it stands; the board knows the rule. */
export function usePlan(body, environmentId) {
  const [plan, setPlan] = useState(null);
  const asked = JSON.stringify(body);
  useEffect(() => {
    let isOver = false;
    const ask = async () => {
      const query = environmentId ? `?environmentId=${environmentId}` : "";
      try {
        const answer = await request("POST", `/api/environments/plan${query}`, JSON.parse(asked));
        if (!isOver) setPlan({ steps: answer.steps, isOld: false });
      } catch {
        if (!isOver) setPlan((before) => before && { ...before, isOld: true }); // the form says what is wrong
      }
    };
    const timer = setTimeout(ask, SOON_MS);
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [asked, environmentId]);
  return plan;
}

function Steps({ plan }) {
  if (!plan) return null;
  return jsx(
    "ol",
    { className: "node-plan", "data-old": plan.isOld },
    plan.steps.map((step, at) =>
      jsx(
        "li",
        { key: step.does },
        jsx("span", { className: "node-plan-line" }, jsx("span", { className: "node-plan-number", "aria-hidden": true }, at + 1), jsx("span", { className: "node-plan-verb" }, `${step.does} `), jsx("span", null, step.what)),
        step.facts.map((fact, n) =>
          jsx("span", { key: n, className: "node-plan-line" }, jsx("span", { className: "node-plan-number" }), jsx("span", { className: "node-plan-label" }, `${fact.label} `), jsx("span", null, fact.text)),
        ),
      ),
    ),
  );
}

const NOTE = "A fingerprint of these inputs decides whether a prepared node is still up to date.";

/** The panel beside the form; where there is no room, it opens. */
export function PlanPanel({ plan }) {
  return [
    jsx(
      "aside",
      { key: "beside", className: "node-plan-panel", tabIndex: 0, "aria-label": "What a node will do" },
      jsx("h2", { className: "font-medium mb-2" }, "What a node will do"),
      jsx(Steps, { plan }),
      jsx("p", { className: "help" }, NOTE),
    ),
    jsx(
      "details",
      { key: "folded", className: "node-plan-folded" },
      jsx("summary", { className: "font-medium" }, "What a node will do"),
      jsx(Steps, { plan }),
      jsx("p", { className: "help" }, NOTE),
    ),
  ];
}
