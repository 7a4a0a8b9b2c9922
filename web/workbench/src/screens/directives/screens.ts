import { above, office, type Screen, unit } from "../registry";

const readers = [...office, "LG", ...above, ...unit] as const;

export const screens: Screen[] = [
  {
    path: "directives",
    title: "点人点事",
    roles: readers,
    load: () => import("./Directives"),
    nav: { group: "联动", order: 37 },
  },
  { path: "directives/$id", title: "点人点事", roles: readers, opens: "directive", load: () => import("./Directives") },
];
