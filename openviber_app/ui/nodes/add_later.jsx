import { later } from "../kit/later.jsx";

/** Adding a node: fetched when its dialog opens. */
export const AddNode = later(() => import("./add_node.jsx").then((found) => found.AddNode), 220);
