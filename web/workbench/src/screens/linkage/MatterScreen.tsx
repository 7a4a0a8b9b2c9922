import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { Button, Dropdown } from "antd";
import { type ReactNode, useState } from "react";
import {
  Day,
  Deadline,
  Facts,
  formatDay,
  Instant,
  Lines,
  NO_DATA,
  Notice,
  NumberCell,
  Page,
  Panel,
  ProblemNotice,
  Standing,
  StatusTag,
  Timeline,
  useDelayed,
  useSession,
} from "@/parts";
import { type MatterAct, type MatterView, matterQuery } from "./data";
import { MatterDialog } from "./MatterDialog";
import { courses, matterActs, matterReturns, matterStates, outcomes } from "./words";
import "./linkage.css";

// The act that brings a matter on, for each state; the others stand behind 「更多」.
const mains: readonly MatterAct[] = ["approve", "accept", "decide", "answer", "confirm", "finish", "submit"];

/** A matter on its way up and back: where it is, who has it, and every step with the days it took. */
export default function MatterScreen(): ReactNode {
  const { id } = useParams({ strict: false }) as { id: string };
  const { office } = useSession();
  const { data, error, isPending, refetch } = useQuery(matterQuery(office, id));
  const waiting = useDelayed(isPending);
  if (!data) {
    return (
      <Page title="上报事项">
        {error && <ProblemNotice problem={error} retry={() => void refetch()} />}
        {waiting && <p className="x-hint">正在加载…</p>}
      </Page>
    );
  }
  return (
    <Page
      title={data.title}
      crumb={data.number || (data.state === "draft" ? "草稿" : data.title)}
      note={
        <>
          {data.raiser !== office && data.raiser_name} {data.number && <NumberCell number={data.number} />}{" "}
          <StatusTag words={matterStates} state={data.state} /> {data.closed_at ? "" : `现由${data.holder_name}办理`}{" "}
          {data.step_due && <Standing due={data.step_due} />} {data.merged > 1 && `并案 ${data.merged} 件 `}
          {data.clock_stopped && "问题已停止计时"}
        </>
      }
      actions={<Actions matter={data} />}
    >
      <Said matter={data} />
      <Stages matter={data} />
      <div className="x-notice-columns">
        <div>
          <About matter={data} />
          <Decision matter={data} />
          <Answer matter={data} />
        </div>
        <div>
          <Together matter={data} />
          <Steps matter={data} />
        </div>
      </div>
    </Page>
  );
}

function Actions({ matter }: { matter: MatterView }): ReactNode {
  const { office } = useSession();
  const [act, setAct] = useState<MatterAct | null>(null);
  const main = mains.find((each) => matter.allowed.includes(each));
  const more = matter.allowed.filter((each) => each !== main && each !== "edit");
  return (
    <>
      {more.length > 0 && (
        <Dropdown
          trigger={["click"]}
          menu={{ items: more.map((key) => ({ key, label: matterActs[key], onClick: () => setAct(key) })) }}
        >
          <Button>更多</Button>
        </Dropdown>
      )}
      {matter.allowed.includes("edit") && <Button href={`/w/${office}/escalations/${matter.id}/edit`}>修改</Button>}
      {main && (
        <Button type="primary" onClick={() => setAct(main)}>
          {main === "confirm" && matter.state === "refused" ? "知悉并办结" : matterActs[main]}
        </Button>
      )}
      {act && <MatterDialog key={act} matter={matter} act={act} onClose={() => setAct(null)} />}
    </>
  );
}

// Why it came back stands on top until somebody acted on it.
function Said({ matter }: { matter: MatterView }): ReactNode {
  if (matter.state === "disputed") return <Notice tone="warning">对答复有异议：{matter.dispute}</Notice>;
  if (matter.state !== "returned" && matter.state !== "refused") return null;
  const why = matterReturns[matter.return_code as keyof typeof matterReturns]?.text;
  return (
    <Notice tone="warning">
      {matter.state === "returned" ? `已退回（${why}）` : "不予受理"}：{matter.reason}
    </Notice>
  );
}

function Stages({ matter }: { matter: MatterView }): ReactNode {
  const state = { done: "", now: "办理中", ahead: "未开始", skipped: "不涉及", stopped: "未进行" };
  return (
    <Panel title="办理进程">
      <ol className="x-stages">
        {matter.stages.map((stage) => (
          <li
            key={stage.name}
            className={`x-stage-${stage.state}`}
            aria-current={stage.state === "now" ? "step" : undefined}
          >
            <p className="x-stage-name">{stage.name}</p>
            {state[stage.state] && <p>{state[stage.state]}</p>}
            {stage.at && (
              <p>
                <Day day={stage.at.slice(0, 10)} />
              </p>
            )}
            {stage.office && <p className="x-hint">{stage.office}</p>}
            {stage.actor && <p className="x-hint">{stage.actor}</p>}
            {(stage.state === "done" || stage.state === "now") && stage.days_used > 0 && (
              <p className="x-hint">用时 {stage.days_used} 个工作日</p>
            )}
            {stage.due_on && <p className="x-hint">期限 {formatDay(stage.due_on)}</p>}
            {stage.late > 0 && <p className="x-standing-danger">逾期 {stage.late} 天</p>}
          </li>
        ))}
      </ol>
    </Panel>
  );
}

function About({ matter }: { matter: MatterView }): ReactNode {
  const { office } = useSession();
  const below = matter.raiser === office ? "" : `?below=${matter.raiser}`;
  return (
    <Panel title="上报内容">
      <Facts
        facts={[
          ["提出单位", matter.raiser_name],
          ["上报", matter.submitted_at ? <Instant key="at" at={matter.submitted_at} /> : NO_DATA],
          ["受理编号", matter.accepted_number],
          [
            "问题",
            <span key="finding">
              <NumberCell number={matter.finding_number} href={`/w/${office}/ledger/${matter.finding}${below}`} />{" "}
              {matter.unit_name}：{matter.finding_text}
            </span>,
            "wide",
          ],
          ["已做工作", <Lines key="tried" text={matter.tried} />, "wide"],
          ["超出本级的原因", <Lines key="why" text={matter.why} />, "wide"],
          ["请求事项", <Lines key="asked" text={matter.asked} />, "wide"],
        ]}
      />
    </Panel>
  );
}

function Decision({ matter }: { matter: MatterView }): ReactNode {
  if (!matter.decided_at) return null;
  return (
    <Panel title="研究决定">
      <Facts
        facts={[
          ["采纳方式", courses[matter.decision as keyof typeof courses]?.text],
          ["决定日期", <Instant key="at" at={matter.decided_at} />],
          ["承办单位", matter.target],
          ["办理期限", <Deadline key="due" due={matter.decision_due} />],
          ["决定内容", <Lines key="text" text={matter.decision_text} />, "wide"],
        ]}
      />
    </Panel>
  );
}

// What the reader's office handles as one with it; whoever raised it sees nothing of this.
function Together({ matter }: { matter: MatterView }): ReactNode {
  const { office } = useSession();
  if (matter.together.length === 0) return null;
  return (
    <Panel title={`并案事项（另 ${matter.together.length} 件）`}>
      <ul className="x-together">
        {matter.together.map((each) => (
          <li key={each.id}>
            {each.raiser_name} <NumberCell number={each.number} href={`/w/${office}/escalations/${each.id}`} />{" "}
            {each.title} <StatusTag words={matterStates} state={each.state} />
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function Answer({ matter }: { matter: MatterView }): ReactNode {
  if (!matter.answered_at) return null;
  return (
    <Panel title="答复">
      <Facts
        facts={[
          ["答复单位", matter.answered_by],
          ["答复日期", <Instant key="at" at={matter.answered_at} />],
          ["答复类型", outcomes[matter.outcome as keyof typeof outcomes]?.text],
          ["落实期限", <Deadline key="due" due={matter.answer_due} />],
          ["问题期限顺延至", matter.extended_to ?? "未顺延"],
          ["答复内容", <Lines key="text" text={matter.answer} />, "wide"],
          ...(matter.dispute ? [["曾提异议", <Lines key="dispute" text={matter.dispute} />, "wide"] as const] : []),
        ]}
      />
    </Panel>
  );
}

function Steps({ matter }: { matter: MatterView }): ReactNode {
  return (
    <Panel title="办理记录">
      <Timeline
        events={[...matter.steps].reverse().map((step) => ({
          key: String(step.seq),
          at: step.at,
          kind: step.internal ? "本级" : "办理",
          who: `${step.office} ${step.actor}`,
          what: (
            <>
              {step.title}
              {step.days_used > 0 && <span className="x-hint">（用时 {step.days_used} 个工作日）</span>}
              {step.text && <p className="x-hint x-lines">{step.text}</p>}
            </>
          ),
        }))}
      />
    </Panel>
  );
}
