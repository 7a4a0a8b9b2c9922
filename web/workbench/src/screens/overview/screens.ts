import { above, office, type Screen } from "../registry";

export const screens: Screen[] = [
  {
    path: "overview",
    title: "驾驶舱",
    roles: above,
    load: () => import("./OverviewScreen"),
    nav: { group: "驾驶舱", order: 10 },
  },
  {
    path: "unit-overview",
    title: "各单位整改情况",
    roles: [...above, ...office, "LG"],
    load: () => import("./Units"),
    nav: { group: "统计", order: 10 },
  },
];
