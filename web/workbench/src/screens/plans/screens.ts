import { above, departments, office, type Screen, unit } from "../registry";

const readers = [...office, "LG", ...unit, ...departments, ...above] as const;

export const screens: Screen[] = [
  {
    path: "plans",
    title: "整改方案",
    roles: readers,
    load: () => import("./Plans"),
    nav: { group: "整改", order: 15 },
  },
  { path: "plans/$id", title: "整改方案", roles: readers, opens: "plan", load: () => import("./PlanScreen") },
];
