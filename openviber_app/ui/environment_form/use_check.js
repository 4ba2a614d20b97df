import { useRef, useState } from "react";
import { request } from "$/public/external/openviber_app/ui/live/request.js";
import { bodyOf, problemsOf } from "./form_model.js";

const NOTHING = { isRunning: false, result: null, failure: "", edition: -1 };

/** Asks the board to check the form; the last answer stays until the next one. */
export function useCheck({ id, form, values, edition, setProblems }) {
  const [check, setCheck] = useState(NOTHING);
  const last = useRef(0);
  const run = async () => {
    const turn = ++last.current;
    const { body, rows } = bodyOf(form, values);
    setCheck((before) => ({ ...before, isRunning: true, failure: "" }));
    try {
      const result = await request("POST", `/api/environments/check${id ? `?environmentId=${id}` : ""}`, body);
      if (turn !== last.current) return;
      setProblems(problemsOf(result.problems, rows));
      setCheck({ isRunning: false, result, failure: "", edition });
    } catch (problem) {
      if (turn !== last.current) return;
      if (problem.errors?.length) setProblems(problemsOf(problem.errors, rows));
      setCheck({ isRunning: false, result: null, failure: problem.message, edition });
    }
  };
  const isCurrent = check.edition === edition;
  const findings = {};
  for (const script of check.result?.scripts ?? []) findings[script.field] = isCurrent ? script.findings : [];
  return { ...check, run, isCurrent, findings };
}

/** How many errors stand in the way of each step, out of fields and, while it is current, the check. */
export function errorsByStep(problems, check) {
  const found = { basic: 0, code: 0, variables: 0, validation: 0 };
  for (const { step } of Object.values(problems)) found[step] += 1;
  if (!check.result || !check.isCurrent) return found;
  for (const script of check.result.scripts) found.code += script.findings.filter((one) => one.level === "error").length;
  if (check.result.repository.status === "error" && !problems.repoUrl) found.basic += 1;
  return found;
}
