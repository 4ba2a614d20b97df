import { jsx } from "@emotion/react";
import { useEffect, useRef, useState } from "react";

/**
 * What stands behind the `#` of the link that somebody opened, as a field of the form around it. It
 * is taken out of the address at once: no server, no Referer and no history gets to see it. With a
 * `label` it can also be typed; without one a link that lacks it is explained.
 */
export function FromLink({ name, label, help, missing }) {
  const field = useRef(null);
  const [isMissing, setMissing] = useState(false);
  useEffect(() => {
    const found = decodeURIComponent(location.hash.slice(1));
    if (found) {
      field.current.value = found;
      history.replaceState(history.state, "", location.pathname + location.search);
    } else if (label) field.current.focus();
    else setMissing(!field.current.value);
  }, [label]);
  if (!label)
    return [
      jsx("input", { key: "field", ref: field, type: "hidden", name }),
      isMissing &&
        jsx("div", { key: "missing", className: "banner", "data-kind": "error", role: "alert" }, jsx("p", null, missing)),
    ];
  return jsx(
    "div",
    null,
    jsx("label", { htmlFor: name, className: "label" }, label),
    jsx("input", {
      ref: field,
      id: name,
      name,
      className: "field mono",
      required: true,
      autoComplete: "off",
      spellCheck: false,
      "aria-describedby": `${name}-help`,
    }),
    jsx("p", { id: `${name}-help`, className: "help" }, help),
  );
}
