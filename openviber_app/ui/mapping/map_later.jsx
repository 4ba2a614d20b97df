import { later } from "../kit/later.jsx";

/** The map dialog, whose log viewer alone is a tenth of the first page: fetched when it opens. */
export const MapDialog = later(() => import("./map_dialog.jsx").then((found) => found.MapDialog), 420);
