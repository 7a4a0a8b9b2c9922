import { Button, Input, Modal } from "antd";
import { type ReactNode, useState } from "react";
import {
  answer,
  api,
  Day,
  Deadline,
  Empty,
  ifMatch,
  NO_DATA,
  NumberCell,
  Panel,
  rectificationStates,
  StatusTag,
  say,
  useSession,
  useWrite,
  WriteProblem,
} from "@/parts";
import { itemHref } from "../rectification/addresses";
import { type Item, type Report, reportsKey } from "./data";

/** Each finding as the records have it, with a place for a sentence where they do not say enough. */
export function ItemLines({ report }: { report: Report }): ReactNode {
  const [writing, setWriting] = useState<Item | null>(null);
  const { items, sums, acts, kind } = report.content;
  const edits = report.allowed.includes("edit");
  return (
    <>
      <Panel
        title={kind === "head" ? `未销号的问题（${items.length}）` : `逐条落实（${items.length}）`}
        extra={
          <span className="x-hint">
            共 {sums.findings} 个，已销号 {sums.closed}，长期整改 {sums.long_term}，待审核 {sums.submitted}，正在整改{" "}
            {sums.ongoing}（逾期 {sums.overdue}）
          </span>
        }
      >
        {items.length === 0 && <Empty>没有未销号的问题。</Empty>}
        {items.map((item) => (
          <OneItem
            key={item.finding}
            item={item}
            missing={report.gaps.some((gap) => gap.number === item.number)}
            onWrite={edits && item.state !== "closed" ? () => setWriting(item) : undefined}
          />
        ))}
      </Panel>
      {kind === "head" && (
        <Panel title={`主要负责人工作记录（${acts.length}）`}>
          {report.content.text.sections[1]?.paragraphs.map((line) => (
            <p key={line}>{line}</p>
          ))}
        </Panel>
      )}
      {writing && <RemarkDialog report={report} item={writing} onClose={() => setWriting(null)} />}
    </>
  );
}

function OneItem({ item, missing, onWrite }: { item: Item; missing: boolean; onWrite?: () => void }): ReactNode {
  const session = useSession();
  const done = item.measures.filter((measure) => measure.done).length;
  const why = [...item.why, item.remark].filter((each) => each !== "");
  return (
    <section className="x-report-item" aria-label={item.number}>
      <header>
        <NumberCell number={item.number} href={itemHref(session, item.finding)} />
        <StatusTag words={rectificationStates} state={item.state} />
        <span className="x-hint">
          {item.state === "closed" ? (
            <Day day={item.due_on} />
          ) : (
            <Deadline due={item.state === "long-term" ? item.review_on : item.due_on} />
          )}
          ，措施 {done}/{item.measures.length}，佐证 {item.evidence} 份
        </span>
        {onWrite && (
          <button type="button" className="x-plain-button" onClick={onWrite}>
            {item.remark ? "修改说明" : "补充说明"}
            <span className="x-hidden">{item.number}</span>
          </button>
        )}
      </header>
      <p>{item.text}</p>
      <dl>
        <dt>进展</dt>
        <dd>{item.progress || NO_DATA}</dd>
        {item.review && (
          <>
            <dt>审核</dt>
            <dd>{item.review}</dd>
          </>
        )}
        {why.length > 0 && (
          <>
            <dt>原因</dt>
            <dd>{why.join("；")}</dd>
          </>
        )}
      </dl>
      {missing && <p className="x-report-gap">须补齐：没有进展，也没有未完成的原因。</p>}
    </section>
  );
}

type Remarks = Pick<Report, "version" | "remarks">;

function RemarkDialog({ report, item, onClose }: { report: Report; item: Item; onClose: () => void }): ReactNode {
  const { office } = useSession();
  const [base] = useState<Remarks>(report); // what the sentence is written on, whatever is read meanwhile
  const [text, setText] = useState(item.remark);
  const write = useWrite({
    run: (sent: { text: string } & Remarks) => {
      const others = sent.remarks.filter(({ finding }) => finding !== item.finding);
      const remarks = sent.text.trim() === "" ? others : [...others, { finding: item.finding, text: sent.text }];
      return answer(
        api.PATCH("/v1/offices/{office}/reports/{id}", {
          params: { path: { office, id: report.id ?? "" } },
          headers: ifMatch(sent.version),
          body: { remarks },
        }),
      );
    },
    refresh: [reportsKey],
    onDone: () => {
      say(`已保存说明：${item.number}`);
      onClose();
    },
  });
  const send = ({ version, remarks }: Remarks) => write.send({ text, version, remarks });
  const remarkIn = ({ remarks }: Remarks) => remarks.find(({ finding }) => finding === item.finding)?.text ?? "";
  return (
    <Modal
      open
      title={`未完成原因 ${item.number}`}
      onCancel={onClose}
      footer={
        <>
          <Button onClick={onClose}>暂不修改</Button>
          <Button type="primary" loading={write.pending} disabled={text === item.remark} onClick={() => send(base)}>
            保存说明
          </Button>
        </>
      }
    >
      <WriteProblem
        problem={write.problem}
        mine={{ text }}
        theirs={(current) => ({ text: remarkIn(current as Remarks) })}
        fields={[["text", "补充说明"]]}
        onTheirs={(version, current) => send({ ...(current as Remarks), version })}
      />
      <p>{item.text}</p>
      {item.why.map((each) => (
        <p key={each} className="x-hint">
          {each}
        </p>
      ))}
      <div className="x-form-column">
        <label htmlFor="remark">
          补充一句（为什么没有完成）
          <Input.TextArea
            id="remark"
            autoFocus
            autoSize={{ minRows: 3, maxRows: 8 }}
            maxLength={500}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        </label>
      </div>
    </Modal>
  );
}
