import { above, office, type Screen } from "../registry";

export const screens: Screen[] = [
  {
    path: "samples",
    title: "销号抽查",
    roles: [...office, ...above],
    load: () => import("./Samples"),
    nav: { group: "联动", order: 35 },
  },
  {
    path: "samples/$id",
    title: "销号抽查",
    roles: [...office, ...above],
    opens: "sample",
    load: () => import("./SampleScreen"),
  },
];
