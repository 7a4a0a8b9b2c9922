import { above, departments, office, type Screen, unit } from "../registry";

const signers = [...office, "LG", ...above] as const;

export const screens: Screen[] = [
  {
    path: "reminders",
    title: "催办督办",
    roles: signers,
    load: () => import("./Letters"),
    nav: { group: "整改", order: 60, label: "催办文书", family: "催办督办" },
  },
  {
    path: "copies",
    title: "抄送",
    roles: signers,
    load: () => import("./Copies"),
    nav: { group: "我的待办", order: 11, family: "我的待办" },
  },
  {
    path: "chains",
    title: "督办台账",
    roles: [...signers, "DISC"],
    load: () => import("./Board"),
    nav: { group: "整改", order: 61, family: "催办督办" },
  },
  {
    path: "urgings",
    title: "上级督办",
    roles: [...office, ...above],
    load: () => import("./Urgings"),
    nav: { group: "整改", order: 62, family: "催办督办" },
  },
  {
    path: "urgings/$id",
    title: "上级督办",
    roles: [...office, ...above],
    load: () => import("./UrgingScreen"),
    opens: "urging",
  },
  {
    path: "letters/$id",
    title: "催办文书",
    roles: [...signers, ...departments],
    load: () => import("./LetterScreen"),
  },
  {
    path: "reminders/$id",
    title: "催办",
    roles: [...signers, ...unit],
    load: () => import("./Letter"),
    opens: "reminder",
  },
];
