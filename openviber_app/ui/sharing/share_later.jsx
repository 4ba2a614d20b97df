import { later } from "../kit/later.jsx";

/** What the share dialog holds: fetched when it opens. */
export const Sharing = later(() => import("./sharing.jsx").then((found) => found.Sharing), 220);
