import { above, departments, office, type Screen, unit } from "../registry";

const readers = [...office, "LG", ...unit, ...departments, ...above] as const;

export const screens: Screen[] = [
  {
    path: "evaluations",
    title: "成效评估",
    roles: readers,
    load: () => import("./Evaluations"),
    nav: { group: "整改", order: 45, family: "评估与回头看" },
  },
  {
    path: "evaluations/$id",
    title: "成效评估",
    roles: readers,
    opens: "evaluation",
    load: () => import("./EvaluationScreen"),
  },
  {
    path: "score-cards",
    title: "评分表",
    roles: [...office, "LG", ...departments, ...above],
    load: () => import("./ScoreCards"),
  },
];
