import { Button, Checkbox } from "antd";
import { type ReactNode, useState } from "react";
import {
  AutosaveMark,
  Compare,
  formatDay,
  Lines,
  NO_DATA,
  NumberCell,
  Panel,
  rectificationStates,
  StatusTag,
  say,
  Tag,
  useSession,
  useWrite,
  WriteProblem,
} from "@/parts";
import { DayPicker } from "@/parts/DayPicker";
import { itemHref } from "../rectification/addresses";
import { type Draft, type Item, type ItemChange, saveItem } from "./data";
import { type Ground, TextField, useGround, useSaved, useTextForm } from "./form";
import { publicStatuses, withheldReasons } from "./words";

/** 逐条确认: the ledger's words on the left, the public's on the right. Nothing is typed twice. */
export function Items({ draft }: { draft: Draft }): ReactNode {
  const [openOnly, setOpenOnly] = useState(false);
  const open = new Set(
    [...draft.problems, ...draft.hits.filter((hit) => !hit.kept)].map(({ pointer }) => pointer.split("/")[2]),
  );
  const shown = draft.items.filter((item) => !openOnly || open.has(item.finding));
  return (
    <Panel
      title={`逐条确认（${draft.items.length} 条）`}
      extra={
        <Checkbox checked={openOnly} onChange={(event) => setOpenOnly(event.target.checked)}>
          只看未填好的
        </Checkbox>
      }
    >
      {shown.length === 0 && <p className="x-hint">每一条都已填好。</p>}
      <Compare
        heads={["台账原文", "公开文本"]}
        rows={shown.map((item) => ({
          key: item.finding,
          title: <Title item={item} />,
          mark: open.has(item.finding) ? "warning" : undefined,
          cells: [<Ledger key="ledger" item={item} />, <Public key="public" draft={draft} item={item} />],
        }))}
      />
    </Panel>
  );
}

function Title({ item }: { item: Item }): ReactNode {
  return (
    <>
      {item.seq}. {item.title} <StatusTag words={publicStatuses} state={item.status} />
      {item.withheld && <Tag tone="doubt">不公开：{withheldReasons[item.withheld]}</Tag>}
      {item.updated && <Tag tone="info">本版有改动</Tag>}
    </>
  );
}

function Ledger({ item: { ledger, finding } }: { item: Item }): ReactNode {
  const session = useSession();
  if (!ledger.number) return <p className="x-hint">此条已不在台账中。重新取数后会从公开稿中移除。</p>;
  return (
    <div className="x-text-ledger">
      <p>
        <NumberCell number={ledger.number} href={itemHref(session, finding)} />{" "}
        <StatusTag words={rectificationStates} state={ledger.state} /> <span className="x-hint">{ledger.category}</span>
      </p>
      <p>
        <Lines text={ledger.text} />
      </p>
      {ledger.measures.length > 0 && (
        <ol>
          {ledger.measures.map((measure, i) => (
            <li key={String(i)}>
              {measure.text}
              <span className="x-hint">
                {measure.department && `（${measure.department}）`}
                {measure.progress && <span className="x-lines">进展：{measure.progress}</span>}
                {measure.rules && <span className="x-lines">建章立制：{measure.rules}</span>}
              </span>
            </li>
          ))}
        </ol>
      )}
      {ledger.progress && (
        <p className="x-hint">
          最新进展：<span className="x-lines">{ledger.progress}</span>
        </p>
      )}
    </div>
  );
}

function Public({ draft, item }: { draft: Draft; item: Item }): ReactNode {
  const ground = useGround(item.version);
  if (item.withheld) return <p className="x-hint">此条不公开，页面上只计入“依规不公开”的项数。</p>;
  return <ItemForm key={ground.generation} draft={draft} item={item} ground={ground} />;
}

const texts = [
  ["title", "标题", 60, 1],
  ["problem", "反馈问题", 400, 2],
  ["result", "整改措施与成效", 400, 3],
  ["rules", "建立或修订的制度（没有可留空）", undefined, 1],
] as const;

const longTexts = [
  ["reason", "长期整改的原因", 200, 1],
  ["goal", "阶段目标", 200, 1],
  ["lead", "牵头", 60, 1],
] as const;

const fields = [...texts, ...longTexts].map(([key, title]) => [key, title] as const);

type Form = Pick<Item, (typeof fields)[number][0] | "next_on">;

function ItemForm({ draft, item, ground }: { draft: Draft; item: Item; ground: Ground }): ReactNode {
  const { office } = useSession();
  const saved = useSaved(draft.id);
  const may = draft.allowed.includes("edit");
  const send = async (change: ItemChange, version: number) => {
    const fresh = await saveItem(office, draft.id, item, version, change);
    ground.version.current = fresh.version;
    saved(fresh);
    return fresh;
  };
  const { form, change, autosave } = useTextForm<Form>(
    Object.fromEntries([...fields.map(([key]) => [key, item[key]]), ["next_on", item.next_on]]) as unknown as Form,
    ground,
    send,
    may,
  );
  const shown = item.status === "long-term" ? [...texts, ...longTexts] : texts;
  return (
    <div className="x-text-public">
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
      {shown.map(([key, label, limit, lines]) => (
        <TextField
          key={key}
          id={`${item.finding}-${key}`}
          label={label}
          value={form[key]}
          limit={limit}
          lines={lines}
          draft={draft}
          pointer={`/items/${item.finding}/${key}`}
          disabled={!may}
          onChange={(value) => change({ [key]: value })}
        />
      ))}
      {item.status === "done" ? (
        <p className="x-hint">完成时间 {item.finished_on ? formatDay(item.finished_on) : NO_DATA}（取自台账）</p>
      ) : (
        <label htmlFor={`${item.finding}-next`} className="x-text-field">
          <span className="x-text-field-label">下次公布时间</span>
          <DayPicker
            id={`${item.finding}-next`}
            value={form.next_on}
            disabled={!may}
            onChange={(day) => day && change({ next_on: day })}
          />
        </label>
      )}
      <div className="x-text-public-foot">
        <AutosaveMark autosave={autosave} />
        {may && item.written && <TakeLedger item={item} send={send} />}
      </div>
    </div>
  );
}

// The person's words go, the ledger's come: said with a way back.
function TakeLedger({
  item,
  send,
}: {
  item: Item;
  send: (change: ItemChange, version: number) => Promise<Item>;
}): ReactNode {
  const write = useWrite({
    run: () => send({ propose: true }, item.version),
    onDone: (fresh) => {
      const { title, problem, result, rules, reason, goal, lead } = item;
      say("已改回台账原文", () => send({ title, problem, result, rules, reason, goal, lead }, fresh.version));
    },
  });
  return (
    <>
      <WriteProblem problem={write.problem} />
      <Button size="small" loading={write.pending} onClick={() => write.send(undefined)}>
        改回台账原文
      </Button>
    </>
  );
}
