import { SettingOutlined } from "@ant-design/icons";
import { Button, Dropdown } from "antd";
import { type ReactNode, type RefObject, useState } from "react";
import { ColumnSettings } from "./ColumnSettings";
import { ExportsMenu } from "./ExportsMenu";
import type { List } from "./useList";
import { ViewsMenu } from "./ViewsMenu";

/** The density of rows. */
export type Density = "compact" | "standard" | "loose";

const densities: readonly (readonly [Density, string])[] = [
  ["compact", "紧凑"],
  ["standard", "标准"],
  ["loose", "宽松"],
];

/** Views, columns and density, and the ways out. */
export function Tools<T>({
  list,
  area,
  density,
  setDensity,
}: {
  list: List<T>;
  area: RefObject<HTMLElement | null>;
  density: Density;
  setDensity: (density: Density) => void;
}): ReactNode {
  const [arranging, setArranging] = useState(false);
  return (
    <div className="x-list-tools x-no-print">
      <ViewsMenu list={list} />
      <Dropdown
        trigger={["click"]}
        menu={{
          selectable: true,
          selectedKeys: [density],
          items: [
            { key: "columns", label: "列设置" },
            { type: "divider" },
            ...densities.map(([key, label]) => ({ key, label: `行高：${label}` })),
          ],
          onClick: ({ key }) => (key === "columns" ? setArranging(true) : setDensity(key as Density)),
        }}
      >
        <Button icon={<SettingOutlined />} className="x-wide-only">
          显示
        </Button>
      </Dropdown>
      <ExportsMenu list={list} area={area} />
      {arranging && <ColumnSettings list={list} onClose={() => setArranging(false)} />}
    </div>
  );
}
