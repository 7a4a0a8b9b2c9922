import { office, type Screen, team, unit } from "../registry";

const field = [...office, "LG", ...team, "DISC"] as const;

export const screens: Screen[] = [
  {
    path: "followups",
    title: "回头看",
    roles: [...field, ...unit],
    load: () => import("./FollowUps"),
    nav: { group: "整改", order: 46, family: "评估与回头看" },
  },
  { path: "followups/new", title: "开展回头看", roles: office, load: () => import("./Planning") },
  { path: "followups/$id", title: "回头看", roles: field, opens: "followup", load: () => import("./FollowUpScreen") },
  { path: "followups/$id/edit", title: "修改回头看方案", roles: office, load: () => import("./Planning") },
  {
    path: "followups/$id/units/$unit",
    title: "回头看对照表",
    roles: [...field, ...unit],
    load: () => import("./SheetScreen"),
  },
];
