import { office, type Screen } from "../registry";

export const screens: Screen[] = [
  {
    path: "imports",
    title: "台账导入",
    roles: office,
    load: () => import("./Imports"),
    nav: { group: "整改", order: 12, family: "整改台账" },
  },
  { path: "imports/new", title: "导入台账", roles: office, load: () => import("./NewImport") },
  { path: "imports/$id", title: "核对与导入", roles: office, load: () => import("./ImportScreen"), opens: "import" },
];
