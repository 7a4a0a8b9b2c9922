import { useQuery } from "@tanstack/react-query";
import { Button, Input, InputNumber, Modal, Tabs } from "antd";
import { type ReactNode, useState } from "react";
import {
  answer,
  api,
  Facts,
  Instant,
  Missing,
  NO_DATA,
  Page,
  Panel,
  ProblemNotice,
  say,
  useRole,
  useSession,
  useWrite,
  WriteProblem,
} from "@/parts";
import { partyNames } from "../rectification/words";
import { type Card, cardsQuery, formatPoints } from "./data";
import "./evaluations.css";

/** The score cards in force: aspects, deductions, vetoes, the lines between grades. */
export default function ScoreCards(): ReactNode {
  const { office } = useSession();
  const { data: cards, error } = useQuery(cardsQuery(office));
  const publisher = useRole("DIR", "CITY", "PROV");
  const [editing, setEditing] = useState<Card | null>(null);
  return (
    <Page title="评分表" note="分值和分数线由本单位确定；已用于评估的版本不改，修改另立新版">
      {error && <ProblemNotice problem={error} />}
      {cards && (
        <Tabs
          items={cards.map((card) => ({
            key: card.key,
            label: card.name,
            children: <OneCard card={card} onEdit={publisher ? () => setEditing(card) : undefined} />,
          }))}
        />
      )}
      {editing && <PublishDialog card={editing} onClose={() => setEditing(null)} />}
    </Page>
  );
}

function OneCard({ card, onEdit }: { card: Card; onEdit?: () => void }): ReactNode {
  const points = card.kind === "points";
  return (
    <Panel title={card.name} extra={onEdit && <Button onClick={onEdit}>修改并发布新版</Button>}>
      <Facts
        facts={[
          ["版本", card.version > 0 ? `第${card.version}版，${card.office}` : "系统默认"],
          ["发布时间", card.at ? <Instant key="at" at={card.at} /> : NO_DATA],
          ["依据", card.source, "wide"],
          [
            "等次",
            card.grades.map(({ name, from }) => (points ? `${name}（${formatPoints(from)} 分起）` : name)).join("、"),
            "wide",
          ],
          ["二次整改", `${card.second.join("、")}，期限 ${card.second_days} 天`],
          ["一票否决", card.vetoes.map(({ text }) => text).join("；"), "wide"],
          ...(card.parties ? ([["评定方", card.parties.map((each) => partyNames[each]).join("、")]] as const) : []),
        ]}
      />
      {card.aspects.map((aspect) => (
        <section key={aspect.key} className="x-evaluation-aspect" aria-label={aspect.name}>
          <header>
            <h3>{aspect.name}</h3>
            {points && <span>满分 {formatPoints(aspect.weight)}</span>}
          </header>
          <ul>
            {aspect.items.map((item) => (
              <li key={item.id} className="x-evaluation-item x-evaluation-line">
                <span className="x-code">{item.id}</span>
                <span className="x-evaluation-text">{item.text}</span>
                <span className="x-hint">{item.fact ? "系统提出建议" : "人工填写"}</span>
                <span className="x-number">
                  {item.each > 0 && `每项 ${formatPoints(item.each)}，`}最多 {formatPoints(item.cap)}
                </span>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </Panel>
  );
}

/** Changes the numbers of a card and publishes it as a further version. */
function PublishDialog({ card, onClose }: { card: Card; onClose: () => void }): ReactNode {
  const { office } = useSession();
  const [next, setNext] = useState(card);
  const [note, setNote] = useState("");
  const write = useWrite({
    run: (body: { card: Card; note: string }, key) => {
      const { version: _version, office: _office, at: _at, ...plain } = body.card;
      return answer(
        api.POST("/v1/offices/{office}/score-cards", {
          params: { path: { office } },
          headers: { "Idempotency-Key": key },
          body: { card: plain, note: body.note },
        }),
      );
    },
    refresh: [["score-cards"]],
    onDone: (made) => {
      say(`已发布评分表：${made.name}，第${made.version}版`);
      onClose();
    },
  });
  const weight = (at: number, value: number | null) =>
    setNext({
      ...next,
      aspects: next.aspects.map((each, i) => (i === at ? { ...each, weight: tenths(value) } : each)),
    });
  const item = (at: number, id: string, part: { each?: number; cap?: number }) =>
    setNext({
      ...next,
      aspects: next.aspects.map((each, i) =>
        i === at ? { ...each, items: each.items.map((one) => (one.id === id ? { ...one, ...part } : one)) } : each,
      ),
    });
  const from = (at: number, value: number | null) =>
    setNext({ ...next, grades: next.grades.map((each, i) => (i === at ? { ...each, from: tenths(value) } : each)) });
  const points = card.kind === "points";
  return (
    <Modal
      open
      width={760}
      title={`发布新版：${card.name}`}
      okText="发布新版"
      cancelText="暂不发布"
      confirmLoading={write.pending}
      okButtonProps={{ disabled: note.trim() === "" }}
      footer={(buttons) => (
        <>
          {buttons}
          <Missing what={[note.trim() === "" && "修改说明"]} />
        </>
      )}
      onOk={() => write.send({ card: next, note })}
      onCancel={onClose}
    >
      <WriteProblem problem={write.problem} />
      <div className="x-evaluation-survey">
        {points &&
          next.grades
            .slice(0, -1)
            .map((grade, i) => (
              <PointsField
                key={grade.name}
                id={`grade-${i}`}
                label={`“${grade.name}”分数线`}
                value={grade.from}
                onChange={(value) => from(i, value)}
              />
            ))}
        <label htmlFor="second-days">
          二次整改天数
          <InputNumber
            id="second-days"
            min={1}
            max={366}
            precision={0}
            value={next.second_days}
            onChange={(value) => setNext({ ...next, second_days: value ?? 1 })}
          />
        </label>
        {(["content", "fair", "discontent"] as const).map((key) => (
          <label key={key} htmlFor={`scale-${key}`}>
            {{ content: "满意", fair: "基本满意", discontent: "不满意" }[key]}折算（%）
            <InputNumber
              id={`scale-${key}`}
              min={0}
              max={100}
              precision={0}
              value={next.scale[key]}
              onChange={(value) => setNext({ ...next, scale: { ...next.scale, [key]: value ?? 0 } })}
            />
          </label>
        ))}
      </div>
      {points &&
        next.aspects.map((aspect, at) => (
          <section key={aspect.key} className="x-evaluation-aspect">
            <PointsField
              id={`weight-${aspect.key}`}
              label={`${aspect.name}满分`}
              value={aspect.weight}
              onChange={(value) => weight(at, value)}
            />
            {aspect.items.map((one) => (
              <div key={one.id} className="x-evaluation-edit">
                <span>
                  {one.id} {one.text}
                </span>
                {one.fact !== "satisfaction" && (
                  <PointsField
                    id={`each-${one.id}`}
                    label="每项"
                    value={one.each}
                    onChange={(value) => item(at, one.id, { each: tenths(value) })}
                  />
                )}
                <PointsField
                  id={`cap-${one.id}`}
                  label="最多"
                  value={one.cap}
                  onChange={(value) => item(at, one.id, { cap: tenths(value) })}
                />
              </div>
            ))}
          </section>
        ))}
      <div className="x-form-column">
        <label htmlFor="card-note">
          修改说明
          <Input id="card-note" maxLength={500} value={note} onChange={(event) => setNote(event.target.value)} />
        </label>
      </div>
    </Modal>
  );
}

function tenths(value: number | null): number {
  return Math.round((value ?? 0) * 10);
}

function PointsField({
  id,
  label,
  value,
  onChange,
}: {
  id: string;
  label: string;
  value: number;
  onChange: (value: number | null) => void;
}): ReactNode {
  return (
    <label htmlFor={id}>
      {label}
      <InputNumber id={id} min={0} max={100} step={0.5} precision={1} value={value / 10} onChange={onChange} />
    </label>
  );
}
