import { request } from "$/public/external/openviber_app/ui/live/request.js";
import { bodyOf, problemsOf } from "./form_model.js";

const CONFLICT = 409;

/**
 * Save the form in one of the ways of its buttons. Returns where to go (`next`), or the problems by
 * field, or a message; whatever happens, what was typed is lost only once the board has it.
 */
export async function save(kind, model) {
  const { id, form, values, version } = model;
  const { body, rows } = bodyOf(form, values);
  let saved;
  try {
    saved = await (id ? request("PUT", `/api/environments/${id}`, { ...body, version }) : request("POST", "/api/environments", body));
  } catch (problem) {
    if (problem.status === CONFLICT && id) {
      await model.load().catch(() => {});
      return { message: "Not saved: see above." };
    }
    if (problem.errors?.length) return { problems: problemsOf(problem.errors, rows) };
    return { message: `Not saved: ${problem.message}.` };
  }
  await model.startOver();
  const page = `/environments/${saved.id}`;
  if (kind === "prepare") {
    try {
      await request("POST", `/api/bindings/${saved.defaultBindingId}/prepares`, {});
    } catch (problem) {
      await model.load().catch(() => {});
      return { message: `Saved, but the prepare could not be asked for: ${problem.message}.` };
    }
  }
  return { next: kind === "map" ? `${page}?dialog=map` : page };
}
