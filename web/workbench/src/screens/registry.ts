// What a screen is. A room adds `src/screens/<room>/screens.ts` with an exported `screens`, and nothing here changes:
//
//   export const screens: Screen[] = [
//     { path: "linkage", title: "收发", roles: office, load: () => import("./Inbox"),
//       nav: { group: "联动", order: 10 } },
//     { path: "linkage/$id", title: "通报", roles: office, load: () => import("./Notice") },
//   ];
//
// A screen's module exports its component as default. Path parameters: useParams({ strict: false }).

import type { ComponentType } from "react";
import type { components } from "@/api/schema";
import type { Role } from "@/app/session";

/** One screen. */
export interface Screen {
  /** Below `/w/{office}/`: `ledger`, `ledger/$id`. */
  path: string;
  /** The screen's name in the navigation and the breadcrumb. */
  title: string;
  /** The roles that may open it. Nobody else is shown its entry; all roles when absent. */
  roles?: readonly Role[];
  /** Loads the screen when it is first opened. */
  load: () => Promise<{ default: ComponentType }>;
  /** The kind of task of 我的待办 that it opens, for a path with `$id`: item, notice, delivery, escalation, … */
  opens?: string;
  /** Where it stands in the navigation; absent for screens reached from others. */
  nav?: NavEntry;
}

/** An entry of the navigation. */
export interface NavEntry {
  /** First level. A group with one entry is shown as that entry. */
  group: NavGroup;
  /** Order within the group. */
  order: number;
  /** The entry's own words, when they differ from the screen's title: 首页 for a unit. */
  label?: string;
  /** Screens of one name stand behind one entry, and side by side on top of each of them: 文书, 台账 and 上级督办 of 催办督办. */
  family?: string;
  /** What an office must have something of for the entry to stand there; an address of the screen opens it all the same. */
  part?: Part;
}

/** What not every office needs. */
export type Part = keyof components["schemas"]["Parts"];

/** The first level, in its order (UX 2.2). */
export const navGroups = [
  "首页",
  "驾驶舱",
  "我的待办",
  "规划与轮次",
  "情况收集",
  "问题与报告",
  "整改",
  "联动",
  "公开与监督",
  "统计",
  "资源",
] as const;

/** A group of the navigation. */
export type NavGroup = (typeof navGroups)[number];

/** Roles by what they do, for `roles`. */
export const office: readonly Role[] = ["OFF", "DIR"];
export const above: readonly Role[] = ["CITY", "PROV"];
export const team: readonly Role[] = ["LDR", "VLD", "MEM"];
export const unit: readonly Role[] = ["UNIT", "HEAD"];
export const departments: readonly Role[] = ["DISC", "ORG", "DEPT"];

/** Whether a role may open a screen. */
export function mayOpen(screen: Screen, role: Role): boolean {
  return screen.roles === undefined || screen.roles.includes(role);
}
