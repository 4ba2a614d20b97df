import { jsx } from "@emotion/react";
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { Link, useNavigate, useParams, useSearchParams } from "react-router";
import { BasicStep } from "./basic_step.jsx";
import { CodeStep } from "./code_step.jsx";
import { DeleteEnvironment } from "./delete_environment.jsx";
import { Problems } from "./fields.jsx";
import { Foot } from "./foot.jsx";
import { STEPS } from "./form_model.js";
import { Behind, ReadOnly, Unplaced } from "./notices.jsx";
import { PlanPanel, usePlan } from "./plan_panel.jsx";
import { save } from "./saving.js";
import { StepsNav } from "./steps_nav.jsx";
import { useBrought } from "./use_brought.js";
import { errorsByStep, useCheck } from "./use_check.js";
import { useForm } from "./use_form.js";
import { ValidationStep } from "./validation_step.jsx";
import { VariablesStep } from "./variables_step.jsx";

const TITLES = {
  basic: ["What it is", "A name, and where its files come from."],
  code: ["How it is set up", "What a node runs once, before threads can work."],
  variables: ["What scripts get to know", "Names and values for every script and run, and git's credential."],
  validation: [
    "Check it before it runs anywhere",
    "Your script is read, not run; the repository and the nodes are only asked. Warnings can be saved over, errors cannot.",
  ],
};
const DRAFT = { saved: "Kept as a draft", saving: "Keeping…", local: "Kept in this browser; the board does not take it" };

const focus = (id) => requestAnimationFrame(() => document.getElementById(id)?.focus());

function Head({ model, home }) {
  const { id, stored, isTyped, draftState, startOver } = model;
  return jsx(
    "header",
    { className: "form-top" },
    jsx(Link, { to: home, className: "btn btn-quiet md:!hidden", "aria-label": "Back" }, "←"),
    jsx("h1", { className: "text-[14px] font-semibold truncate" }, id ? `${["viewer", "runner"].includes(stored?.access) ? "Details of" : "Edit"} ${stored?.name ?? ""}` : "New environment"),
    jsx("span", { className: "flex-1" }),
    jsx("span", { role: "status", className: "facts draft-state" }, isTyped ? DRAFT[draftState] : ""),
    isTyped && jsx("button", { type: "button", className: "btn btn-quiet btn-small", onClick: startOver }, id ? "Discard changes" : "Start over"),
    jsx(Link, { to: home, className: "btn btn-quiet btn-small max-md:!hidden" }, ["viewer", "runner"].includes(stored?.access) ? "Close" : "Cancel"),
  );
}

/** The whole page: steps, the chosen step, what a node will do. */
export function EnvironmentForm() {
  const { environment: id } = useParams();
  const [isHere, setHere] = useState(false); // the prebuilt page knows no address and no draft
  useLayoutEffect(() => setHere(true), []);
  return isHere && jsx(Page, { key: id ?? "new", id });
}

function Page({ id }) {
  const model = useForm(id);
  useBrought(model);
  const { form, problems, values } = model;
  const check = useCheck(model);
  const mayCheck = !id || ["editor", "owner"].includes(model.stored?.access);
  const plan = usePlan(model.plain, id);
  const navigate = useNavigate();
  const [query] = useSearchParams();
  const [saving, setSaving] = useState({ kind: "", message: "" });
  const heading = useRef(null);
  const step = STEPS.find((one) => one.id === query.get("step"))?.id ?? "basic";
  const at = STEPS.findIndex((one) => one.id === step);
  const href = (to) => `?step=${to}`;
  const home = id ? `/environments/${id}` : "/";
  const errors = errorsByStep(problems, check);

  const wasAt = useRef(step);
  const wanted = useRef("");
  useEffect(() => {
    if (wanted.current) focus(wanted.current);
    else if (wasAt.current !== step) heading.current?.focus();
    wanted.current = "";
    wasAt.current = step;
  }, [step]);
  useEffect(() => {
    if (step === "validation" && model.isReady && mayCheck) check.run();
  }, [step, model.isReady, mayCheck]);

  const goTo = (to, field = "") => {
    if (to === step) return focus(field);
    wanted.current = field;
    navigate(href(to));
  };
  const goToField = (field) => {
    const isScript = ["setupScript", "maintenanceScript", "checkCommand"].includes(field);
    goTo(problems[field]?.step ?? (isScript ? "code" : "basic"), field);
  };
  const goToFirst = () => {
    const field = Object.keys(problems)[0];
    if (field) return goToField(field);
    if (errors.basic) return goTo("basic", "repoUrl");
    const script = check.result?.scripts.find((one) => one.findings.some((found) => found.level === "error"));
    if (script) goTo("code", script.field);
  };
  const submit = async (kind) => {
    if (saving.kind) return;
    setSaving({ kind, message: "" });
    const { next, problems: found, message } = await save(kind, model);
    setSaving({ kind: "", message: message ?? "" });
    if (next) return navigate(next);
    if (!found) return;
    model.setProblems(found);
    const [field, first] = Object.entries(found)[0] ?? [];
    if (first) goTo(first.step, field);
  };

  if (model.failure)
    return jsx(
      "div",
      { className: "m-auto p-6" },
      jsx("h1", { className: "text-[15px] font-semibold mb-1" }, model.failure.status === 404 ? "There is no such environment" : "This environment could not be read"),
      jsx("p", { className: "text-tx2 mb-4" }, model.failure.status === 404 ? "It was deleted, or it is not yours." : model.failure.message),
      jsx(Link, { to: "/", className: "btn" }, "To the board"),
    );
  if (id && !model.stored) return jsx(Head, { model, home });
  const canEdit = mayCheck;
  const isOwn = !id || model.stored.access === "owner";
  const [title, about] = TITLES[step];
  const parts = { form, change: model.change, values, setValues: model.setValues, me: model.me };
  const body = {
    basic: () => [jsx(BasicStep, { key: "step", ...parts }), id && isOwn && jsx(DeleteEnvironment, { key: "delete", stored: model.stored, onGone: () => model.startOver().then(() => navigate("/")) })],
    code: () => jsx(CodeStep, { ...parts, findings: check.findings }),
    variables: () => jsx(VariablesStep, { ...parts, environment: id }),
    validation: () => canEdit && jsx(ValidationStep, { form, check, problems, onRun: check.run, onField: goToField }),
  };
  return jsx(
    Problems.Provider,
    { value: { problems, clear: model.clear } },
    jsx(Head, { model, home }),
    jsx(
      "div",
      { className: "form-page" },
      jsx(StepsNav, { current: step, href, form, errors, check }),
      jsx(
        "form",
        {
          className: "form-main",
          noValidate: true,
          autoComplete: "off",
          onSubmit: (event) => {
            event.preventDefault();
            if (at < STEPS.length - 1) goTo(STEPS[at + 1].id);
          },
        },
        model.isBehind && jsx(Behind, { model, isBusy: Boolean(saving.kind), onOver: () => model.catchUp(model.stored.version) }),
        jsx("h2", { ref: heading, tabIndex: -1, className: "form-title" }, title),
        jsx("p", { className: "form-about" }, about),
        jsx(Unplaced, { problems, form }),
        !canEdit && jsx(ReadOnly, { owner: model.stored.ownerName, access: model.stored.access }),
        jsx("fieldset", { disabled: !canEdit, className: "contents" }, body[step]()),
        jsx(Foot, { id, at, canEdit, check, errors, saving, stored: model.stored, onBack: () => goTo(STEPS[at - 1].id), onFirst: goToFirst, onSave: submit }),
      ),
      jsx(PlanPanel, { plan }),
    ),
  );
}
