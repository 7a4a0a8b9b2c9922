import { above, office, type Screen } from "../registry";

export const screens: Screen[] = [
  {
    path: "looks",
    title: "上级查阅",
    roles: [...office, "LG", "ADM", ...above],
    load: () => import("./Looks"),
    nav: { group: "联动", order: 60 },
  },
];
