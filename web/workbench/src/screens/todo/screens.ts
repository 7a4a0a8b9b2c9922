import type { Screen } from "../registry";

export const screens: Screen[] = [
  {
    path: "todo",
    title: "我的待办",
    load: () => import("./Todo"),
    nav: { group: "我的待办", order: 10, family: "我的待办" },
  },
];
