import type { Screen } from "../registry";
import { approvers } from "./approvers";

export const screens: Screen[] = [
  { path: "cards", title: "审批卡片", roles: approvers, load: () => import("./Cards") },
];
