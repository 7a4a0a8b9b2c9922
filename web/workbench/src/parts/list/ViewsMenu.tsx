import { DownOutlined } from "@ant-design/icons";
import { Button, Checkbox, Dropdown, Input, type MenuProps, Modal } from "antd";
import { type ReactNode, useEffect, useState } from "react";
import { asProblem } from "@/api/problem";
import { useRole, useSession } from "@/app/session";
import { isComposing } from "../keys";
import { ProblemNotice } from "../show";
import { say, sayProblem } from "../toast";
import { columnWords } from "./columns";
import { writeState } from "./state";
import type { List } from "./useList";
import { useViews, type View, type Views, viewQuery, viewState } from "./views";

const kinds = [
  ["shipped", "常用视图"],
  ["shared", "共享视图"],
  ["own", "我的视图"],
] as const;

/** The views of a list beside its filters: to use, to save, to rename, to share, to remove. */
export function ViewsMenu<T>({ list }: { list: List<T> }): ReactNode {
  const { spec, state, go } = list;
  const { office, below } = useSession();
  const director = useRole("DIR");
  const views = useViews(office, spec.screen);
  const [naming, setNaming] = useState<View | "new" | null>(null);
  const current = views.all.find((view) => view.key === state.view);
  const filters = (spec.filters ?? []).map(({ key }) => key);
  const use = (view: View) => go(viewState(view, state, filters));

  // An address that names a view and asks nothing else means what the view asks.
  const bare = current !== undefined && state.q === "" && state.sort === "" && Object.keys(state.filters).length === 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the view is known
  useEffect(() => {
    if (!bare || state.page > 1) return;
    const asked = viewState(current, state, filters);
    if (JSON.stringify(writeState(asked)) !== JSON.stringify(writeState({ ...state, open: "" }))) go(asked, "replace");
  }, [bare, current?.key]);

  const share = async (view: View) => {
    await views.change(view, { shared: view.whose === "own" });
    say(view.whose === "own" ? `已共享视图：${view.name}` : `已取消共享：${view.name}`);
  };
  const remove = async (view: View) => {
    await views.remove(view);
    go({ ...state, view: "" }, "replace");
    const again = view.mine ? () => views.save(view.name, view.query, view.whose === "shared") : undefined;
    say(`已删除视图：${view.name}`, again);
  };
  const items: MenuProps["items"] = kinds.flatMap(([kind, label]) => {
    const held = views.all.filter(({ whose }) => whose === kind);
    if (held.length === 0) return [];
    return [
      {
        key: kind,
        type: "group" as const,
        label,
        children: held.map((view) => ({ key: view.key, label: nameOf(view), onClick: () => use(view) })),
      },
    ];
  });
  if (items.length > 0) items.push({ type: "divider" });
  items.push({ key: "save", label: "保存为视图", disabled: below !== undefined, onClick: () => setNaming("new") });
  if (current?.mine)
    items.push(
      { key: "rename", label: `重命名 ${current.name}`, onClick: () => setNaming(current) },
      {
        key: "share",
        label: current.whose === "own" ? `共享 ${current.name}` : `取消共享 ${current.name}`,
        onClick: () => void share(current).catch(sayProblem),
      },
    );
  if (current && (current.mine || (director && current.whose === "shared")))
    items.push({
      key: "remove",
      label: `删除视图 ${current.name}`,
      onClick: () => void remove(current).catch(sayProblem),
    });
  return (
    <>
      <Dropdown trigger={["click"]} menu={{ selectedKeys: [state.view], items, className: "x-views" }}>
        <Button>
          {current ? `视图：${current.name}` : "视图"} <DownOutlined />
        </Button>
      </Dropdown>
      {naming && <NameView list={list} views={views} view={naming} onClose={() => setNaming(null)} />}
    </>
  );
}

function nameOf(view: View): string {
  return view.whose === "shared" && !view.mine ? `${view.name}（${view.made_by}）` : view.name;
}

// Saves the list as it is now under a name, or gives a view another name.
function NameView<T>({
  list,
  views,
  view,
  onClose,
}: {
  list: List<T>;
  views: Views;
  view: View | "new";
  onClose: () => void;
}): ReactNode {
  const { state, go } = list;
  const { identity } = useSession();
  const [label, setLabel] = useState(view === "new" ? "" : view.name);
  const [shared, setShared] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const [running, setRunning] = useState(false);
  const name = label.trim();
  const save = async () => {
    if (name === "" || running) return;
    setRunning(true);
    try {
      if (view === "new") {
        const made = await views.save(name, viewQuery(state, columnWords(list.placed)), shared);
        go({ ...state, view: made.key }, "replace");
        say(`已保存视图：${name}`);
      } else await views.change(view, { name });
      onClose();
    } catch (thrown) {
      setProblem(asProblem(thrown));
      setRunning(false);
    }
  };
  return (
    <Modal
      open
      title={view === "new" ? "保存为视图" : "重命名视图"}
      okText={view === "new" ? "保存视图" : "重命名"}
      confirmLoading={running}
      onOk={() => void save()}
      onCancel={onClose}
      okButtonProps={{ disabled: name === "" }}
    >
      <label htmlFor="view-name">视图名称</label>
      <Input
        id="view-name"
        autoFocus
        maxLength={20}
        value={label}
        onChange={(event) => setLabel(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter" && !isComposing(event.nativeEvent)) void save();
        }}
      />
      {view === "new" && (
        <>
          <Checkbox className="x-view-shared" checked={shared} onChange={(event) => setShared(event.target.checked)}>
            {identity.unit ? "本单位其他人也可使用" : "本办其他人也可使用"}
          </Checkbox>
          <p className="x-hint">保存当前的筛选、排序和列。视图不改变各人的查看权限。</p>
        </>
      )}
      <ProblemNotice problem={problem} />
    </Modal>
  );
}
