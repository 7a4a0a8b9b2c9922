import { above, office, type Screen } from "../registry";

export const screens: Screen[] = [
  {
    path: "doubts",
    title: "存疑核查",
    roles: [...office, "DISC", "ORG", "LG", ...above],
    load: () => import("./Doubts"),
    nav: { group: "整改", order: 42, family: "督导检查" },
  },
];
