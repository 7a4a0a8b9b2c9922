import { above, office, type Screen, unit } from "../registry";

const staff = [...office, ...above] as const;
const party = [...staff, "LG", ...unit] as const;

export const screens: Screen[] = [
  {
    path: "linkage",
    title: "通报收发",
    roles: party,
    load: () => import("./Letters"),
    nav: { group: "联动", order: 10 },
  },
  { path: "linkage/new", title: "起草通报", roles: staff, load: () => import("./Compose") },
  { path: "linkage/$id/edit", title: "修改通报", roles: staff, load: () => import("./Compose") },
  { path: "linkage/$id", title: "通报", roles: party, opens: "notice", load: () => import("./NoticeScreen") },
  {
    path: "linkage/received/$id",
    title: "通报",
    roles: party,
    opens: "delivery",
    load: () => import("./NoticeScreen"),
  },
  {
    path: "escalations",
    title: "上报事项",
    roles: [...staff, "LG"],
    load: () => import("./Matters"),
    nav: { group: "联动", order: 20 },
  },
  { path: "escalations/new", title: "提请统筹", roles: staff, load: () => import("./Raise") },
  { path: "escalations/$id/edit", title: "修改上报事项", roles: staff, load: () => import("./Raise") },
  {
    path: "escalations/$id",
    title: "上报事项",
    roles: [...staff, "LG"],
    opens: "escalation",
    load: () => import("./MatterScreen"),
  },
  {
    path: "common-issues",
    title: "共性问题",
    roles: [...staff, "LG"],
    load: () => import("./Common"),
    nav: { group: "联动", order: 30 },
  },
];
