import { useEffect } from "react";
import { useSearchParams } from "react-router";
import { readAddress } from "./address.js";

/** What an address changes in the form, as if it had been pasted there. */
export const changeOf = (text, form) => {
  const found = readAddress(text);
  if (!found) return { type: "github", repoUrl: text };
  const isNameless = !form.name || form.name === form.suggested;
  return {
    type: "github",
    repoUrl: found.branch ? found.url : text,
    ...(found.branch ? { repoBranch: found.branch } : {}),
    ...(isNameless && found.name ? { name: found.name, suggested: found.name } : {}),
  };
};

/** An address that came along as `?repo=` is written into a new environment's form, once. */
export function useBrought({ id, isReady, form, change }) {
  const [query, setQuery] = useSearchParams();
  const brought = query.get("repo")?.trim();
  useEffect(() => {
    if (!brought || !isReady || id) return;
    change(changeOf(brought, form));
    setQuery(
      (before) => {
        before.delete("repo");
        return before;
      },
      { replace: true },
    );
  }, [brought, isReady]);
}
