import { office, type Screen, team, unit } from "../registry";

const overseers = [...office, "LG", "DISC"] as const;
const inspectors = ["OFF", ...team, "DISC"] as const;

export const screens: Screen[] = [
  {
    path: "checks",
    title: "督导检查",
    roles: overseers,
    load: () => import("./Checks"),
    nav: { group: "整改", order: 40, family: "督导检查" },
  },
  {
    path: "checks/mine",
    title: "我的检查",
    roles: inspectors,
    load: () => import("./Mine"),
    nav: { group: "整改", order: 41, family: "督导检查" },
  },
  {
    path: "checks/visits/$id",
    title: "现场检查",
    roles: [...overseers, ...team],
    opens: "visit",
    load: () => import("./VisitScreen"),
  },
  {
    path: "checks/letters/$id",
    title: "督办单",
    roles: [...overseers, ...unit],
    opens: "check-letter",
    load: () => import("./LetterScreen"),
  },
  { path: "checks/report", title: "检查报告", roles: overseers, load: () => import("./Report") },
];
