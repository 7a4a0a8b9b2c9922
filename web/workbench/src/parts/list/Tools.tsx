import { DownOutlined, ExportOutlined, SettingOutlined } from "@ant-design/icons";
import { Button, Dropdown, Input, Modal } from "antd";
import { type ReactNode, useState } from "react";
import { formatCount } from "@/words/numbers";
import { isComposing } from "../keys";
import { say, sayProblem } from "../toast";
import { ColumnSettings } from "./ColumnSettings";
import { columnWords, shownColumns } from "./columns";
import { useOwnViews } from "./memory";
import { copyText } from "./Rows";
import type { ExportAction, View } from "./spec";
import { untouched, writeState } from "./state";
import type { List } from "./useList";

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
  density,
  setDensity,
}: {
  list: List<T>;
  density: Density;
  setDensity: (density: Density) => void;
}): ReactNode {
  const [arranging, setArranging] = useState(false);
  return (
    <div className="x-list-tools x-no-print">
      <Views list={list} />
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
      <Exports list={list} />
      {arranging && <ColumnSettings list={list} onClose={() => setArranging(false)} />}
    </div>
  );
}

function Views<T>({ list }: { list: List<T> }): ReactNode {
  const { spec, state } = list;
  const own = useOwnViews(list.owner);
  const [naming, setNaming] = useState(false);
  const shipped = spec.views ?? [];
  const current = [...shipped, ...own.views].find((view) => view.key === state.view);
  const use = (view: View) =>
    list.go({
      ...untouched,
      size: state.size,
      tab: view.tab ?? state.tab,
      q: view.q ?? "",
      filters: view.filters ?? {},
      sort: view.sort ?? "",
      cols: view.cols ?? state.cols,
      view: view.key,
    });
  const item = (view: View) => ({ key: view.key, label: view.label, onClick: () => use(view) });
  return (
    <>
      <Dropdown
        trigger={["click"]}
        menu={{
          selectedKeys: [state.view],
          items: [
            ...shipped.map(item),
            ...(own.views.length > 0
              ? [{ key: "own", type: "group" as const, label: "我的视图", children: own.views.map(item) }]
              : []),
            { type: "divider" },
            { key: "save", label: "保存为视图", onClick: () => setNaming(true) },
            ...(current && own.views.includes(current)
              ? [{ key: "remove", label: `删除视图 ${current.label}`, onClick: () => removeView(current) }]
              : []),
          ],
        }}
      >
        <Button>
          {current ? `视图：${current.label}` : "视图"} <DownOutlined />
        </Button>
      </Dropdown>
      {naming && <NameView list={list} onSave={own.save} onClose={() => setNaming(false)} />}
    </>
  );

  function removeView(view: View): void {
    own.remove(view.key);
    list.go({ ...state, view: "" }, "replace");
    say(`已删除视图：${view.label}`, () => own.save(view));
  }
}

function NameView<T>({
  list,
  onSave,
  onClose,
}: {
  list: List<T>;
  onSave: (view: View) => void;
  onClose: () => void;
}): ReactNode {
  const { state } = list;
  const [label, setLabel] = useState("");
  const save = () => {
    const name = label.trim();
    if (name === "") return;
    const key = `own-${Date.now().toString(36)}`;
    onSave({
      key,
      label: name,
      q: state.q,
      filters: state.filters,
      sort: state.sort,
      cols: columnWords(list.placed),
      tab: state.tab,
    });
    list.go({ ...state, view: key }, "replace");
    say(`已保存视图：${name}`);
    onClose();
  };
  return (
    <Modal
      open
      title="保存为视图"
      okText="保存视图"
      onOk={save}
      onCancel={onClose}
      okButtonProps={{ disabled: label.trim() === "" }}
    >
      <label htmlFor="view-name">视图名称</label>
      <Input
        id="view-name"
        autoFocus
        maxLength={20}
        value={label}
        onChange={(event) => setLabel(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter" && !isComposing(event.nativeEvent)) save();
        }}
      />
      <p className="x-hint">保存当前的筛选、排序和列，仅自己可见。</p>
    </Modal>
  );
}

function Exports<T>({ list }: { list: List<T> }): ReactNode {
  const { spec } = list;
  const [chosen, setChosen] = useState<ExportAction | null>(null);
  return (
    <>
      <Dropdown
        trigger={["click"]}
        menu={{
          items: [
            ...(spec.exports ?? []).map((each) => ({
              key: each.key,
              label: each.label,
              onClick: () => setChosen(each),
            })),
            { key: "link", label: "复制本页地址", onClick: () => void copyAddress(list) },
            { key: "print", label: "打印", onClick: () => window.print() },
          ],
        }}
      >
        <Button icon={<ExportOutlined />}>导出</Button>
      </Dropdown>
      {chosen && <ExportPreview list={list} action={chosen} onClose={() => setChosen(null)} />}
    </>
  );
}

async function copyAddress<T>(list: List<T>): Promise<void> {
  const url = new URL(window.location.href);
  url.search = new URLSearchParams(writeState(list.state)).toString();
  await copyText(url.toString());
  say("已复制本页地址，打开可看到同样的筛选结果");
}

function ExportPreview<T>({
  list,
  action,
  onClose,
}: {
  list: List<T>;
  action: ExportAction;
  onClose: () => void;
}): ReactNode {
  const [running, setRunning] = useState(false);
  const run = async () => {
    setRunning(true);
    try {
      await action.run(
        list.ask,
        shownColumns(list.placed).map(({ column }) => column.key),
      );
      onClose();
    } catch (thrown) {
      sayProblem(thrown);
      setRunning(false);
    }
  };
  return (
    <Modal open title={action.label} okText="导出" confirmLoading={running} onOk={() => void run()} onCancel={onClose}>
      <p>
        将导出 {list.total === undefined ? "符合条件的全部" : formatCount(list.total)} {list.spec.unit ?? "条"}
        {list.filtered ? "（当前筛选结果）" : ""}。
      </p>
      {action.note && <p className="x-hint">{action.note}</p>}
      <p className="x-hint">导出会记入日志，文件带有导出人和时间。</p>
    </Modal>
  );
}
