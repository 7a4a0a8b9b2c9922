import { useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import type { ReactNode } from "react";
import {
  AutosaveMark,
  answer,
  api,
  Count,
  Facts,
  formatDayLong,
  formatWan,
  ifMatch,
  Notice,
  Panel,
  say,
  useSession,
  useWrite,
  WriteProblem,
} from "@/parts";
import { DayPicker } from "@/parts/DayPicker";
import { type Draft, saveText, showText, textsKey } from "./data";
import { type Ground, TextField, useGround, useTextForm } from "./form";

const texts = [
  ["title", "标题", 80, 1],
  ["lead", "导语", 200, 2],
  ["organisation", "组织整改：履行主体责任情况", 1000, 3],
  ["head_duty", "组织整改：主要负责人履行第一责任人责任情况", 1000, 3],
  ["transfers", "移交事项办理情况（只写数量，没有可留空）", 500, 1],
  ["next_steps", "下一步安排", 300, 2],
] as const;

const contacts = [
  ["phone", "联系电话"],
  ["hours", "接听时间"],
  ["address", "邮政信箱"],
  ["email", "电子邮箱"],
] as const;

const fields = [
  ...texts.map(([key, title]) => [key, title] as const),
  ...contacts,
  ["dated", "落款日期"],
  ["note", "更正说明"],
] as const;

type Form = Pick<Draft, (typeof texts)[number][0] | (typeof contacts)[number][0] | "dated" | "note">;

/** 范围与来源: what the text is about, taken from the ledger, and the parts around the findings. */
export function Scope({ draft }: { draft: Draft }): ReactNode {
  const ground = useGround(draft.version);
  return (
    <>
      {draft.ledger_changed && <Refresh draft={draft} />}
      <Panel title="取自台账">
        <Facts
          facts={[
            ["被巡察党组织", `中共${draft.unit_name}`],
            ["巡察轮次", draft.round_name],
            ["反馈日期", formatDayLong(draft.feedback_on)],
            ["集中整改期", `${formatDayLong(draft.period_from)}至${formatDayLong(draft.period_until)}`],
            ["截至", formatDayLong(draft.as_of)],
            ["整改任务", <Count key="tasks" n={draft.tasks} />],
            ["制度", `新建 ${draft.rules_made} 项，修订 ${draft.rules_amended} 项`],
            ["清退资金", formatWan(draft.recovered_fen)],
          ]}
        />
        <Counts draft={draft} />
      </Panel>
      <TextForm key={ground.generation} draft={draft} ground={ground} />
    </>
  );
}

/** The overview: five numbers that add up. */
export function Counts({ draft: { counts } }: { draft: Draft }): ReactNode {
  return (
    <table className="x-text-counts">
      <caption className="x-hidden">整改概况</caption>
      <thead>
        <tr>
          {["反馈问题", "已完成", "长期整改", "正在推进", "依规不公开"].map((title) => (
            <th key={title} scope="col">
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        <tr className="x-number">
          <td>{counts.findings}</td>
          <td>{counts.done}</td>
          <td>{counts.long_term}</td>
          <td>{counts.ongoing}</td>
          <td>{counts.withheld}</td>
        </tr>
      </tbody>
    </table>
  );
}

function Refresh({ draft }: { draft: Draft }): ReactNode {
  const session = useSession();
  const queries = useQueryClient();
  const write = useWrite({
    run: (version: number, key) =>
      answer(
        api.POST("/v1/offices/{office}/disclosures/{id}/refresh", {
          params: { path: { office: session.office, id: draft.id } },
          headers: { ...ifMatch(version), "Idempotency-Key": key },
        }),
      ),
    refresh: [textsKey],
    onDone: (fresh) => {
      showText(queries, session, fresh);
      say("已按台账更新状态、时间和数字，改写过的文字保持不变");
    },
  });
  const may = draft.allowed.includes("edit");
  return (
    <>
      <WriteProblem problem={write.problem} onTheirs={(version) => write.send(version)} />
      <Notice
        tone="warning"
        actions={
          may && (
            <Button size="small" loading={write.pending} onClick={() => write.send(draft.version)}>
              重新取数
            </Button>
          )
        }
      >
        台账在生成公开稿后有变化{may ? "，重新取数后再核对。改写过的文字保持不变。" : "。"}
      </Notice>
    </>
  );
}

function TextForm({ draft, ground }: { draft: Draft; ground: Ground }): ReactNode {
  const session = useSession();
  const queries = useQueryClient();
  const may = draft.allowed.includes("edit");
  const { form, change, autosave } = useTextForm<Form>(
    Object.fromEntries(fields.map(([key]) => [key, draft[key]])) as unknown as Form,
    ground,
    async (what, version) => {
      const saved = await saveText(session.office, draft.id, version, what);
      ground.version.current = saved.version;
      showText(queries, session, saved);
      return saved;
    },
    may,
  );
  const field = (key: (typeof fields)[number][0], label: string, limit?: number, lines?: number) => (
    <TextField
      key={key}
      id={`text-${key}`}
      label={label}
      value={form[key]}
      limit={limit}
      lines={lines}
      draft={draft}
      pointer={`/${key}`}
      disabled={!may}
      onChange={(value) => change({ [key]: value })}
    />
  );
  return (
    <Panel title="公开文本" extra={<AutosaveMark autosave={autosave} />}>
      <WriteProblem
        problem={autosave.problem}
        mine={{ ...form }}
        fields={fields}
        onTheirs={(version) => {
          ground.version.current = version;
          void autosave.saveNow();
        }}
        retry={() => void autosave.saveNow()}
      />
      {draft.edition > 1 && field("note", "更正说明（向社会公布改了什么）", 200)}
      {texts.map(([key, label, limit, lines]) => field(key, label, limit, lines))}
      <div className="x-form-grid">
        {contacts.map(([key, label]) => field(key, label))}
        <label htmlFor="text-dated" className="x-text-field">
          <span className="x-text-field-label">落款日期</span>
          <DayPicker
            id="text-dated"
            value={form.dated}
            disabled={!may}
            onChange={(day) => day && change({ dated: day })}
          />
        </label>
      </div>
    </Panel>
  );
}
