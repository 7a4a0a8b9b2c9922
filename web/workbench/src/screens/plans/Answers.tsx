import { Button, Input, Modal } from "antd";
import { type ReactNode, useState } from "react";
import {
  answer,
  api,
  Day,
  Empty,
  ifMatch,
  NO_DATA,
  NumberCell,
  Panel,
  ReadyButton,
  rectificationKinds,
  say,
  Tag,
  useSession,
  useWrite,
  WriteProblem,
  wordOf,
} from "@/parts";
import { itemHref } from "../rectification/addresses";
import { type Answer, type Gap, type Plan, plansKey } from "./data";

/** One answer for each finding of the feedback: its measures, or why it is not accepted. */
export function Answers({ plan }: { plan: Plan }): ReactNode {
  const [refusing, setRefusing] = useState<Answer | null>(null);
  const { answers } = plan.content;
  const refused = answers.filter((each) => each.refused).length;
  const drafting = plan.allowed.includes("edit");
  return (
    <Panel
      title={`逐条答复（${answers.length}）`}
      extra={refused > 0 && <span className="x-hint">其中 {refused} 个问题说明不认可的理由</span>}
    >
      {answers.length === 0 && <Empty>本轮次没有反馈给本单位的问题。</Empty>}
      {answers.map((each) => (
        <OneAnswer
          key={each.finding}
          each={each}
          gaps={drafting ? plan.gaps.filter((gap) => gap.number === each.number) : []}
          onRefuse={drafting ? () => setRefusing(each) : undefined}
        />
      ))}
      {refusing && <RefuseDialog plan={plan} each={refusing} onClose={() => setRefusing(null)} />}
    </Panel>
  );
}

function OneAnswer({ each, gaps, onRefuse }: { each: Answer; gaps: readonly Gap[]; onRefuse?: () => void }): ReactNode {
  const href = itemHref(useSession(), each.finding);
  return (
    <section className="x-plan-answer" aria-label={each.number}>
      <header>
        <NumberCell number={each.number} href={href} /> <span className="x-hint">{each.category}</span>
        {onRefuse && (
          <span className="x-plan-answer-actions">
            <a href={href}>修改措施</a>
            <button type="button" className="x-plain-button" onClick={onRefuse}>
              {each.refused ? "修改理由" : "不认可此问题"}
            </button>
          </span>
        )}
      </header>
      <p>{each.text}</p>
      {each.refused ? (
        <p className="x-plan-refused">
          <Tag tone="warning">不认可</Tag> {each.refused}
        </p>
      ) : (
        <Measures each={each} gaps={gaps} />
      )}
      {gaps.filter((gap) => gap.seq === 0).map(gapLine)}
    </section>
  );
}

function Measures({ each, gaps }: { each: Answer; gaps: readonly Gap[] }): ReactNode {
  if (each.measures.length === 0) return null;
  return (
    <table className="x-plan-measures">
      <thead>
        <tr>
          <th scope="col">措施</th>
          <th scope="col">类型</th>
          <th scope="col">责任领导</th>
          <th scope="col">责任科室</th>
          <th scope="col">责任人</th>
          <th scope="col">期限</th>
        </tr>
      </thead>
      <tbody>
        {each.measures.map((measure) => (
          <tr key={measure.seq}>
            <td>
              {measure.seq}. {measure.text}
              {measure.helpers && <span className="x-hint">（协作：{measure.helpers}）</span>}
              {gaps.filter((gap) => gap.seq === measure.seq).map(gapLine)}
            </td>
            <td data-label="类型">{wordOf(rectificationKinds, measure.kind)}</td>
            <td data-label="责任领导">{measure.leader || NO_DATA}</td>
            <td data-label="责任科室">{measure.department || NO_DATA}</td>
            <td data-label="责任人">{measure.person || NO_DATA}</td>
            <td data-label="期限">
              <Day day={measure.due_on} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function gapLine(gap: Gap): ReactNode {
  return (
    <p key={gap.code} className={gap.blocks ? "x-plan-gap x-plan-gap-blocks" : "x-plan-gap"}>
      {gap.blocks ? "须补齐：" : "建议："}
      {gap.message}
    </p>
  );
}

type Refusals = Pick<Plan, "version" | "refused">;

function RefuseDialog({ plan, each, onClose }: { plan: Plan; each: Answer; onClose: () => void }): ReactNode {
  const { office } = useSession();
  const [base] = useState<Refusals>(plan); // what the reason is written on, whatever is read meanwhile
  const [reason, setReason] = useState(each.refused);
  const write = useWrite({
    run: (sent: { reason: string } & Refusals) => {
      const others = sent.refused.filter(({ finding }) => finding !== each.finding);
      const refused = sent.reason ? [...others, { finding: each.finding, reason: sent.reason }] : others;
      return answer(
        api.PATCH("/v1/offices/{office}/plans/{id}", {
          params: { path: { office, id: plan.id } },
          headers: ifMatch(sent.version),
          body: { refused },
        }),
      );
    },
    refresh: [plansKey],
    onDone: (_, sent) => {
      say(sent.reason ? `已记录不认可的理由：${each.number}` : `已改为认可：${each.number}`);
      onClose();
    },
  });
  const send = (text: string, { version, refused }: Refusals) => write.send({ reason: text, version, refused });
  const reasonIn = ({ refused }: Refusals) => refused.find(({ finding }) => finding === each.finding)?.reason ?? "";
  return (
    <Modal
      open
      title={`不认可此问题 ${each.number}`}
      onCancel={onClose}
      footer={
        <>
          <Button onClick={onClose}>暂不修改</Button>
          {each.refused && <Button onClick={() => send("", base)}>改为认可</Button>}
          <ReadyButton
            type="primary"
            loading={write.pending}
            what={[reason.trim() === "" && "理由和依据"]}
            onClick={() => send(reason, base)}
          >
            保存理由
          </ReadyButton>
        </>
      }
    >
      <WriteProblem
        problem={write.problem}
        mine={{ reason }}
        theirs={(current) => ({ reason: reasonIn(current as Refusals) })}
        fields={[["reason", "不认可的理由和依据"]]}
        onTheirs={(version, current) => send(reason, { ...(current as Refusals), version })}
      />
      <p>{each.text}</p>
      <div className="x-form-column">
        <label htmlFor="refusal">
          不认可的理由和依据
          <Input.TextArea
            id="refusal"
            autoFocus
            autoSize={{ minRows: 4, maxRows: 10 }}
            maxLength={1000}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
        </label>
      </div>
      <p className="x-hint">理由随方案一并送审，由审核单位决定是否采纳。</p>
    </Modal>
  );
}
