import { above, departments, office, type Screen, unit } from "../registry";

const readers = [...office, "LG", ...unit, ...departments, ...above] as const;

export const screens: Screen[] = [
  {
    path: "reports",
    title: "整改报告",
    roles: readers,
    opens: "report-owed",
    load: () => import("./Reports"),
    nav: { group: "整改", order: 16 },
  },
  { path: "reports/$id", title: "整改报告", roles: readers, opens: "report", load: () => import("./ReportScreen") },
  { path: "head-acts", title: "主要负责人工作记录", roles: unit, load: () => import("./Acts") },
];
