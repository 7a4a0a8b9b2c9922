import { above, office, type Screen } from "../registry";

export const screens: Screen[] = [
  {
    path: "board",
    title: "挂牌督办",
    roles: [...office, ...above],
    load: () => import("./Board"),
    nav: { group: "联动", order: 36 },
  },
];
