import { useEffect, useMemo, useState } from "react";
import { useDraft } from "$/public/external/openviber_app/ui/live/draft.js";
import { request } from "$/public/external/openviber_app/ui/live/request.js";
import { EMPTY, bodyOf, formOf } from "./form_model.js";

/**
 * The form of one environment (`id`), or of a new one: what is stored, what was typed over it, and
 * the values that no draft may keep. `edition` counts changes, so that a check knows its age.
 */
export function useForm(id) {
  const draft = useDraft(id ? `environment:${id}` : "environment:new");
  const [stored, setStored] = useState(null);
  const [failure, setFailure] = useState(null);
  const [me, setMe] = useState("");
  const [values, keepValues] = useState({});
  const [problems, setProblems] = useState({});
  const [edition, setEdition] = useState(0);
  const load = async () => {
    const found = await request("GET", `/api/environments/${id}`);
    setStored(found);
    return found;
  };
  useEffect(() => {
    if (!id) return;
    load().catch(setFailure);
    request("GET", "/api/me").then((person) => setMe(person.id), () => {});
  }, [id]);
  const base = useMemo(() => (stored ? formOf(stored) : EMPTY), [stored]);
  const typed = draft.value?.form;
  const form = useMemo(() => (typed ? { ...EMPTY, ...typed } : base), [typed, base]);
  const version = draft.value?.version ?? stored?.version;
  const change = (part) => {
    setEdition((count) => count + 1);
    draft.set((before) => ({ version: before?.version ?? stored?.version, form: { ...(before?.form ?? base), ...part } }));
  };
  const setValues = (next) => {
    setEdition((count) => count + 1);
    keepValues(next);
  };
  const clear = (field) => setProblems(({ [field]: _, ...rest }) => rest);
  const startOver = async () => {
    keepValues({});
    setProblems({});
    setEdition((count) => count + 1);
    await draft.discard();
  };
  return {
    ...{ id, form, stored, failure, me, values, problems, edition, version },
    ...{ change, setValues, setProblems, clear, load, startOver },
    draftState: draft.state,
    isTyped: Boolean(typed),
    isReady: draft.isLoaded && (!id || Boolean(stored)),
    isBehind: Boolean(stored && typed && draft.value.version !== stored.version),
    /** What is typed counts as written over what is stored now. */
    catchUp: (to) => draft.set((before) => ({ ...before, version: to })),
    plain: useMemo(() => bodyOf(form).body, [form]),
  };
}
