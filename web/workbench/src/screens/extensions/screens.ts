import { above, office, type Screen, unit } from "../registry";

export const screens: Screen[] = [
  { path: "extension-lists/new", title: "批量申请延期", roles: unit, load: () => import("./NewList") },
  {
    path: "extension-lists/$id",
    title: "批量延期申请",
    roles: [...unit, ...office, "LG", ...above],
    opens: "extension-list",
    load: () => import("./ListScreen"),
  },
];
