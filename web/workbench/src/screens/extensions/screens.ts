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
  {
    path: "raised-extensions",
    title: "延期报批",
    roles: [...office, ...above],
    load: () => import("./Raised"),
    nav: { group: "联动", order: 25, part: "raised_extensions" },
  },
  {
    path: "raised-extensions/$id",
    title: "延期报批",
    roles: [...office, ...above],
    opens: "raised-extension",
    load: () => import("./RaisedScreen"),
  },
];
