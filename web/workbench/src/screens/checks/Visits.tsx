import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { type ReactNode, useState } from "react";
import {
  answer,
  api,
  Day,
  Facts,
  Instant,
  ifMatch,
  Lines,
  NO_DATA,
  Panel,
  ProblemNotice,
  StatusTag,
  say,
  useSession,
  useWrite,
  WriteProblem,
} from "@/parts";
import { AssignDialog, type Assigning } from "./AssignDialog";
import { ConfirmDialog, ReasonDialog } from "./ConfirmDialog";
import { checksKey, type Visit, visitsQuery } from "./data";
import { checkOutcomes, checkVerdicts, drawReasons, roundWord, visitStates } from "./words";
import "./checks.css";

/** The visits to one problem, the latest first, with what may be done about them. */
export function Visits({ finding }: { finding: string }): ReactNode {
  const { office } = useSession();
  const { data, error, refetch } = useQuery(visitsQuery(office, finding));
  if (error) return <ProblemNotice problem={error} retry={() => void refetch()} />;
  const first = data?.[0];
  if (!data || !first) return null;
  const latest = [...data].sort((a, b) => b.n - a.n || b.nth - a.nth);
  return (
    <>
      <p className="x-lines">{first.text}</p>
      <p className="x-hint x-lines x-check-claim">单位所称：{first.progress || NO_DATA}</p>
      {latest.map((visit) => (
        <VisitPanel key={visit.id} visit={visit} />
      ))}
    </>
  );
}

/** One visit. */
export function VisitPanel({ visit }: { visit: Visit }): ReactNode {
  return (
    <Panel
      title={`${roundWord(visit.n)}${visit.nth === 2 ? "（二人复核）" : ""}`}
      extra={<StatusTag words={visitStates} state={visit.state} />}
    >
      <VisitFacts visit={visit} />
      <Photos visit={visit} />
      <Actions visit={visit} />
    </Panel>
  );
}

function VisitFacts({ visit }: { visit: Visit }): ReactNode {
  const votes = visit.content + visit.fair + visit.discontent;
  return (
    <Facts
      facts={[
        ["抽取原因", <StatusTag key="reason" words={drawReasons} state={visit.reason} />],
        ["检查人", [visit.first_name, visit.second_name].filter(Boolean).join("、") || "未指派"],
        ["计划日期", <Day key="planned" day={visit.planned_on} />],
        ...(visit.return_note && visit.state === "planned"
          ? ([["退回补充", <Lines key="note" text={visit.return_note} />, "wide"]] as const)
          : []),
        ...(visit.verdict === ""
          ? []
          : ([
              ["结论", <StatusTag key="verdict" words={checkVerdicts} state={visit.verdict} />],
              ["检查时间", <Instant key="at" at={visit.visited_at} />],
              ["地点", visit.place],
              [
                "坐标",
                visit.latitude === null ? "未记录" : `${visit.latitude.toFixed(5)}, ${visit.longitude?.toFixed(5)}`,
              ],
              [
                "满意度",
                votes > 0
                  ? `满意 ${visit.content}，基本满意 ${visit.fair}，不满意 ${visit.discontent}（共 ${votes} 人）`
                  : null,
              ],
              ["到现场看到了什么", <Lines key="seen" text={visit.seen} />, "wide"],
              ["提交", `${visit.reported_by}${visit.agreed_by ? `，${visit.agreed_by} 核对` : ""}`],
            ] as const)),
        ...(visit.outcome === ""
          ? []
          : ([
              ["处理", <StatusTag key="outcome" words={checkOutcomes} state={visit.outcome} />],
              ["处理意见", <Lines key="note" text={visit.outcome_note} />, "wide"],
              ["确认", visit.confirmed_by],
            ] as const)),
      ]}
    />
  );
}

function Photos({ visit }: { visit: Visit }): ReactNode {
  const { office } = useSession();
  if (visit.photos.length === 0) return null;
  return (
    <ul className="x-check-photos">
      {visit.photos.map((photo, at) => {
        const address = `/v1/offices/${office}/visits/${visit.id}/photos/${photo.id}`;
        return (
          <li key={photo.id}>
            <a href={address} target="_blank" rel="noreferrer">
              <img src={address} alt={`检查照片 ${at + 1}`} loading="lazy" />
            </a>
            <span className="x-hint">
              <Instant at={photo.taken_at} />
            </span>
          </li>
        );
      })}
    </ul>
  );
}

type Dialog = "assign" | "confirm" | "return" | "cancel" | null;

function Actions({ visit }: { visit: Visit }): ReactNode {
  const { office } = useSession();
  const [dialog, setDialog] = useState<Dialog>(null);
  const close = () => setDialog(null);
  const params = { path: { office, id: visit.id } };
  const headers = (key: string) => ({ ...ifMatch(visit.version), "Idempotency-Key": key });
  const done = (words: string) => () => {
    say(`${words}：${visit.number}`);
    close();
  };
  const agree = useWrite({
    run: (_: undefined, key) =>
      answer(api.POST("/v1/offices/{office}/visits/{id}/agree", { params, headers: headers(key) })),
    refresh: [checksKey, ["tasks"]],
    onDone: done("已核对检查结果"),
  });
  const assign = useWrite({
    run: (body: Assigning, key) =>
      answer(api.POST("/v1/offices/{office}/visits/{id}/assign", { params, headers: headers(key), body })),
    refresh: [checksKey, ["tasks"]],
    onDone: done("已指派检查人"),
  });
  const may = (action: Visit["allowed"][number]) => visit.allowed.includes(action);
  if (visit.allowed.length === 0) return null;
  return (
    <>
      <WriteProblem problem={agree.problem ?? assign.problem} />
      <div className="x-check-actions x-no-print">
        {may("assign") && (
          <Button onClick={() => setDialog("assign")}>{visit.first ? "改派检查人" : "指派检查人"}</Button>
        )}
        {may("report") && <Button href={`/field/${office}?visit=${visit.id}`}>到现场填写</Button>}
        {may("cancel") && <Button onClick={() => setDialog("cancel")}>取消检查</Button>}
        {may("return") && <Button onClick={() => setDialog("return")}>退回补充</Button>}
        {may("agree") && (
          <Button type="primary" loading={agree.pending} onClick={() => agree.send(undefined)}>
            核对无误
          </Button>
        )}
        {may("confirm") && (
          <Button type="primary" onClick={() => setDialog("confirm")}>
            确认结论
          </Button>
        )}
      </div>
      {dialog === "assign" && <AssignDialog count={1} onDone={(chosen) => (chosen ? assign.send(chosen) : close())} />}
      {dialog === "confirm" && <ConfirmDialog visit={visit} onClose={close} />}
      {(dialog === "return" || dialog === "cancel") && <ReasonDialog visit={visit} what={dialog} onClose={close} />}
    </>
  );
}
