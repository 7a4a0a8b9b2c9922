import { above, departments, office, type Screen, unit } from "../registry";

const readers = [...office, "LG", ...unit, "DISC", "ORG", ...above] as const;
const reviewers = [...office, ...departments, "LG"] as const;

export const screens: Screen[] = [
  {
    path: "home",
    title: "首页",
    roles: unit,
    load: () => import("./UnitHome"),
    nav: { group: "首页", order: 10 },
  },
  {
    path: "ledger",
    title: "整改台账",
    roles: readers,
    load: () => import("./Ledger"),
    nav: { group: "整改", order: 10, family: "整改台账" },
  },
  { path: "ledger/$id", title: "事项详情", roles: readers, opens: "item", load: () => import("./ItemScreen") },
  {
    path: "review",
    title: "联合审核",
    roles: reviewers,
    load: () => import("./Review"),
    nav: { group: "整改", order: 20 },
  },
];
