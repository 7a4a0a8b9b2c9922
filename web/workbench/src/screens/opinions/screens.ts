import { above, office, type Screen } from "../registry";

const readers = [...office, "LG", "DISC", "ORG", "DEPT", ...above] as const;

export const screens: Screen[] = [
  {
    path: "opinions",
    title: "意见办理",
    roles: readers,
    load: () => import("./Opinions"),
    nav: { group: "公开与监督", order: 20 },
  },
  {
    path: "opinions/$id",
    title: "意见",
    roles: readers,
    opens: "opinion",
    load: () => import("./OpinionScreen"),
  },
];
