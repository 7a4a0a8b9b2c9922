import { Select } from "antd";
import type { ReactNode } from "react";
import { Notice, Panel, StatusTag, say, useSession, useWrite, WriteProblem } from "@/parts";
import { type Draft, type Item, type Withheld as Reason, saveItem } from "./data";
import { useSaved } from "./form";
import { publicStatuses, withheldReasons } from "./words";

/** 不公开事项: five reasons and no other, and the leading group's word. */
export function Withheld({ draft }: { draft: Draft }): ReactNode {
  return (
    <Panel title="不公开事项">
      <Notice tone="neutral">
        列入不公开的问题不在页面上出现，页面只写依规不公开的项数
        {draft.counts.withheld > 0 && `（${draft.counts.withheld} 项）`}。含不公开事项的公开稿，由领导小组成员审批。
      </Notice>
      <div className="x-text-scroll">
        <table className="x-differences">
          <caption className="x-hidden">逐条说明是否公开</caption>
          <thead>
            <tr>
              <th scope="col">序号</th>
              <th scope="col">问题</th>
              <th scope="col">状态</th>
              <th scope="col">是否公开</th>
            </tr>
          </thead>
          <tbody>
            {draft.items.map((item) => (
              <Row key={item.finding} draft={draft} item={item} />
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}

const options: { value: Reason; label: string }[] = [
  { value: "", label: "公开" },
  ...Object.entries(withheldReasons).map(([value, text]) => ({ value: value as Reason, label: `不公开：${text}` })),
];

function Row({ draft, item }: { draft: Draft; item: Item }): ReactNode {
  const { office } = useSession();
  const saved = useSaved(draft.id);
  const write = useWrite({
    run: (sent: { withheld: Reason; version: number }) =>
      saveItem(office, draft.id, item, sent.version, { withheld: sent.withheld }),
    onDone: (fresh) => {
      saved(fresh);
      say(fresh.withheld ? `第 ${item.seq} 条已列入不公开` : `第 ${item.seq} 条恢复公开`);
    },
  });
  return (
    <tr>
      <td className="x-number">{item.seq}</td>
      <th scope="row">
        {item.title}
        <WriteProblem
          problem={write.problem}
          onTheirs={(version) => write.send({ withheld: item.withheld, version })}
        />
      </th>
      <td>
        <StatusTag words={publicStatuses} state={item.status} />
      </td>
      <td>
        <Select<Reason>
          className="x-text-withheld"
          aria-label={`第 ${item.seq} 条是否公开`}
          value={item.withheld}
          options={options}
          loading={write.pending}
          disabled={!draft.allowed.includes("edit")}
          onChange={(withheld) => write.send({ withheld, version: item.version })}
        />
      </td>
    </tr>
  );
}
