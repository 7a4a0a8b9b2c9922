import { Input, InputNumber } from "antd";
import { type ReactNode, useState } from "react";
import {
  answer,
  api,
  formatInstant,
  ifMatch,
  Notice,
  Panel,
  parseMoney,
  ReadyButton,
  say,
  useKeys,
  useLeaveGuard,
  useLocalDraft,
  useSession,
  useWrite,
  WriteProblem,
} from "@/parts";
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

function formOf(item: ItemPage): Form {
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

const fields = [
  ["progress", "最新进展"],
  ["goal", "整改目标"],
  ["recovered_fen", "已追回（分）"],
  ["rules_made", "新建制度"],
  ["rules_amended", "修订制度"],
  ["people_dealt", "问责人数"],
  ["elsewhere", "举一反三"],
] as const;

/** What the unit says of its case. Typed text stays in this browser until it is saved. */
export function ProgressForm({ item }: { item: ItemPage }): ReactNode {
  const { office } = useSession();
  const local = useLocalDraft<Form>(`item:${item.id}`);
  const [form, setForm] = useState<Form>(() => local.draft?.value ?? formOf(item));
  const [base, setBase] = useState({ version: item.version, form: formOf(item) });
  const [restored, setRestored] = useState(local.draft !== null);
  const fen = form.recovered.trim() === "" ? 0 : parseMoney(form.recovered);
  const dirty = JSON.stringify(form) !== JSON.stringify(base.form);
  useLeaveGuard(dirty);

  const change = (what: Partial<Form>) => {
    const next = { ...form, ...what };
    setForm(next);
    local.keep(next);
  };
  const write = useWrite({
    run: (sent: { form: Form; fen: number; version: number }) => {
      const { recovered: _, ...rest } = sent.form;
      return answer(
        api.PATCH("/v1/offices/{office}/items/{id}", {
          params: { path: { office, id: item.id } },
          headers: ifMatch(sent.version),
          body: { ...rest, recovered_fen: sent.fen },
        }),
      );
    },
    refresh: [itemsKey],
    onDone: (saved, sent) => {
      setBase({ version: saved.version, form: sent.form });
      setRestored(false);
      local.drop();
      say("已保存填报内容");
    },
  });
  const save = (version = Math.max(base.version, item.version)) => {
    if (fen !== null) write.send({ form, fen, version });
  };
  useKeys({ "Ctrl+S": () => save(), "Ctrl+Enter": () => save() });
  return (
    <Panel title="填报进展">
      {restored && (
        <Notice
          tone="info"
          actions={
            <button
              type="button"
              className="x-plain-button"
              onClick={() => {
                setForm(base.form);
                setRestored(false);
                local.drop();
              }}
            >
              放弃本机草稿
            </button>
          }
        >
          已恢复本机草稿（{formatInstant(local.draft?.at)}），尚未保存。
        </Notice>
      )}
      <WriteProblem
        problem={write.problem}
        mine={{ ...form, recovered_fen: fen ?? 0 }}
        fields={fields}
        onTheirs={(version) => save(version)}
        retry={() => save()}
      />
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
          loading={write.pending}
          what={[!dirty && "修改的内容", fen === null && "正确的金额"]}
          onClick={() => save()}
        >
          保存填报
        </ReadyButton>
      </div>
    </Panel>
  );
}
