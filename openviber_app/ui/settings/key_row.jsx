import { jsx } from "@emotion/react";
import { Icon } from "../kit/icons.jsx";

/** A key by its id; what is known of it stands below. */
export const KeyRow = ({ keyId, children }) =>
  jsx(
    "li",
    { className: "settings-row" },
    jsx(Icon, { name: "key", size: 16, className: "text-tx3" }),
    jsx(
      "div",
      { className: "min-w-0 flex-1" },
      jsx("div", { className: "mono break-all" }, keyId),
      jsx("div", { className: "facts" }, children),
    ),
  );
