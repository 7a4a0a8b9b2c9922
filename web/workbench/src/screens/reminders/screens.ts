import { above, office, type Screen, unit } from "../registry";

const signers = [...office, "LG", ...above] as const;

export const screens: Screen[] = [
  {
    path: "reminders",
    title: "催办督办",
    roles: signers,
    load: () => import("./Letters"),
    nav: { group: "整改", order: 30 },
  },
  {
    path: "reminders/$id",
    title: "催办",
    roles: [...signers, ...unit],
    load: () => import("./Letter"),
    opens: "reminder",
  },
];
