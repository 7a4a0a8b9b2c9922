import { office, type Screen, team } from "../registry";

const overseers = [...office, "LG", "DISC"] as const;
const inspectors = ["OFF", ...team, "DISC"] as const;

export const screens: Screen[] = [
  {
    path: "checks",
    title: "督导检查",
    roles: overseers,
    load: () => import("./Checks"),
    nav: { group: "整改", order: 40 },
  },
  {
    path: "checks/mine",
    title: "我的检查",
    roles: inspectors,
    load: () => import("./Mine"),
    nav: { group: "整改", order: 45 },
  },
  { path: "checks/report", title: "检查报告", roles: overseers, load: () => import("./Report") },
];
