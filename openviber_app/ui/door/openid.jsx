import { jsx } from "@emotion/react";
import { useEffect, useState } from "react";
import { request } from "../live/request.js";

const asked = (name) => new URLSearchParams(location.search).get(name) ?? "";

/** `{name, refusal}`: the provider that the owner set, and the words for what the address says. */
const useProvider = (isWanted) => {
  const [found, setFound] = useState({ name: "", refusal: "" });
  useEffect(() => {
    if (!isWanted()) return undefined;
    let isGone = false;
    request("GET", `/api/openid?refusal=${encodeURIComponent(asked("openid"))}`)
      .then((told) => isGone || setFound(told))
      .catch(() => {}); // a password signs in all the same
    return () => {
      isGone = true;
    };
  }, []);
  return found;
};

const always = () => true;
const wasRefused = () => Boolean(asked("openid"));

/** Why the provider's answer let nobody in. */
export function OpenIdRefusal() {
  const { refusal } = useProvider(wasRefused);
  return refusal && jsx("p", { role: "alert", className: "banner openid-refusal", "data-kind": "error" }, `${refusal[0].toUpperCase()}${refusal.slice(1)}.`);
}

/** A link, because the board's answer leads to another site. */
export function OpenIdButton() {
  const { name } = useProvider(always);
  if (!name) return null;
  const next = asked("next");
  const href = `/api/openid/start${next ? `?next=${encodeURIComponent(next)}` : ""}`;
  return jsx(
    "div",
    { className: "openid" },
    jsx("p", { className: "openid-or" }, "or"),
    jsx("a", { className: "btn openid-button", href }, `Continue with ${name}`),
  );
}
