import { above, office, type Screen, unit } from "../registry";

const readers = [...office, ...unit, "LG", ...above] as const;

export const screens: Screen[] = [
  {
    path: "disclosures",
    title: "公开编辑",
    roles: readers,
    load: () => import("./Disclosures"),
    nav: { group: "公开与监督", order: 10 },
  },
  {
    path: "disclosures/$id",
    title: "公开稿",
    roles: [...readers, "DISC"],
    opens: "disclosure",
    load: () => import("./Editor"),
  },
];
