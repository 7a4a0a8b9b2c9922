import { Input, InputNumber } from "antd";
import type { ReactNode } from "react";
import { answer, api, ifMatch, Panel, parseMoney, ReadyButton, useSession, useWriting } from "@/parts";
import { type ItemPage, itemsKey } from "./data";

interface Form {
  progress: string;
  goal: string;
  recovered: string;
  rules_made: number;
  rules_amended: number;
  people_dealt: number;
  elsewhere: string;
}

type Row = Pick<ItemPage, Exclude<keyof Form, "recovered"> | "recovered_fen" | "version">;

function formOf(item: Row): Form {
  return {
    progress: item.progress,
    goal: item.goal,
    recovered: item.recovered_fen ? (item.recovered_fen / 100).toFixed(2) : "",
    rules_made: item.rules_made,
    rules_amended: item.rules_amended,
    people_dealt: item.people_dealt,
    elsewhere: item.elsewhere,
  };
}

// Null when it is no sum.
function fenOf({ recovered }: Form): number | null {
  return recovered.trim() === "" ? 0 : parseMoney(recovered);
}

const fields = [
  ["progress", "最新进展"],
  ["goal", "整改目标"],
  ["recovered", "已追回（元）"],
  ["rules_made", "新建制度"],
  ["rules_amended", "修订制度"],
  ["people_dealt", "问责人数"],
  ["elsewhere", "举一反三"],
] as const;

/** What the unit says of its case. Typed text stays in this browser until it is saved. */
export function ProgressForm({ item }: { item: ItemPage }): ReactNode {
  const { office } = useSession();
  const { form, change, save, dirty, pending, notices } = useWriting<Row, Form>({
    row: item,
    formOf,
    draft: `item:${item.id}`,
    fields,
    ready: (now) => fenOf(now) !== null,
    refresh: [itemsKey],
    done: "已保存填报内容",
    send: ({ recovered, ...rest }, version, whole) =>
      answer(
        api.PATCH("/v1/offices/{office}/items/{id}", {
          params: { path: { office, id: item.id } },
          headers: ifMatch(version),
          body: { ...rest, ...(recovered !== undefined && { recovered_fen: fenOf(whole) ?? 0 }) },
        }),
      ),
  });
  const fen = fenOf(form);
  return (
    <Panel title="填报进展">
      {notices}
      <div className="x-form-grid">
        <label className="x-wide" htmlFor="progress">
          最新进展
          <Input.TextArea
            id="progress"
            autoSize={{ minRows: 2, maxRows: 8 }}
            maxLength={2000}
            value={form.progress}
            onChange={(event) => change({ progress: event.target.value })}
          />
        </label>
        <label className="x-wide" htmlFor="goal">
          整改目标
          <Input.TextArea
            id="goal"
            autoSize={{ minRows: 1, maxRows: 6 }}
            maxLength={2000}
            value={form.goal}
            onChange={(event) => change({ goal: event.target.value })}
          />
        </label>
        <label htmlFor="recovered">
          已追回（元）
          <Input
            id="recovered"
            value={form.recovered}
            status={fen === null ? "error" : undefined}
            onChange={(event) => change({ recovered: event.target.value })}
          />
          {fen === null && <span className="x-standing-danger">金额写成 12345.60 或 1.23 万元</span>}
        </label>
        {(
          [
            ["rules_made", "新建制度（项）"],
            ["rules_amended", "修订制度（项）"],
            ["people_dealt", "问责（人）"],
          ] as const
        ).map(([key, label]) => (
          <label key={key} htmlFor={key}>
            {label}
            <InputNumber
              id={key}
              min={0}
              max={10000}
              precision={0}
              value={form[key]}
              onChange={(n) => change({ [key]: n ?? 0 })}
            />
          </label>
        ))}
        <label className="x-wide" htmlFor="elsewhere">
          举一反三情况
          <Input.TextArea
            id="elsewhere"
            autoSize={{ minRows: 1, maxRows: 6 }}
            maxLength={2000}
            placeholder="对照同类问题自查的范围、发现和处理"
            value={form.elsewhere ?? ""}
            onChange={(event) => change({ elsewhere: event.target.value })}
          />
        </label>
      </div>
      <div className="x-form-actions">
        <span className="x-hint" role="status">
          {dirty ? "有未保存的内容，已在本机保留" : ""}
        </span>
        <ReadyButton
          type="primary"
          loading={pending}
          what={[!dirty && "修改的内容", fen === null && "正确的金额"]}
          onClick={save}
        >
          保存填报
        </ReadyButton>
      </div>
    </Panel>
  );
}
