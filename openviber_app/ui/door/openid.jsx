import { jsx } from "@emotion/react";
import { useEffect, useState } from "react";
import { request } from "../live/request.js";
import { refusalOf } from "../live/words.js";

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

const Other = ({ children }) =>
  jsx("div", { className: "openid" }, jsx("p", { className: "openid-or" }, "or"), children);

/** A link, because the board's answer leads to another site. */
export function OpenIdButton() {
  const { name } = useProvider(always);
  if (!name) return null;
  const next = asked("next");
  const href = `/api/openid/start${next ? `?next=${encodeURIComponent(next)}` : ""}`;
  return jsx(Other, null, jsx("a", { className: "btn openid-button", href }, `Continue with ${name}`));
}

const CUT = "This is not the whole link of an invite. Open it again as it was sent to you.";

/** The same with an invite: it goes with the request and stands in no address. */
export function OpenIdJoin() {
  const { name } = useProvider(always);
  const [isBusy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState("");
  if (!name) return null;
  const go = async () => {
    if (isBusy) return;
    const invite = document.querySelector("input[name=token]")?.value; // `FromLink` took it out of the address
    if (!invite) return setRefusal(CUT);
    setBusy(true);
    setRefusal("");
    try {
      const { url } = await request("POST", "/api/openid/start", { invite, next: asked("next") || "/" });
      location.assign(url);
    } catch (problem) {
      setRefusal(refusalOf(problem));
    }
    return setBusy(false); // who comes back by the browser's own button may try again
  };
  return jsx(
    Other,
    null,
    jsx("button", { type: "button", className: "btn openid-button", "aria-disabled": isBusy, onClick: go }, isBusy ? `Going to ${name}…` : `Continue with ${name}`),
    refusal && jsx("p", { role: "alert", className: "refusal" }, refusal),
  );
}
