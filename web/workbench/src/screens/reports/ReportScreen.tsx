import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { Button, Segmented } from "antd";
import { type ReactNode, useState } from "react";
import {
  answer,
  api,
  Deadline,
  formatDayLong,
  ifMatch,
  Lines,
  Notice,
  Page,
  Panel,
  ProblemNotice,
  StatusTag,
  say,
  TakeOut,
  useDelayed,
  useSession,
  useWrite,
  WriteProblem,
} from "@/parts";
import { reasonWords } from "../papers/Reviewing";
import { Sheet } from "../papers/Sheet";
import { Review, Signatures } from "../papers/Standing";
import { beginReport, type Report, reportQuery, reportsKey } from "./data";
import { ItemLines } from "./ItemLines";
import { Decide, Opine } from "./Reviewing";
import { Signing } from "./Signing";
import { Writing } from "./Writing";
import { kindNames, reportStates } from "./words";
import "./reports.css";

type Doing = "sign" | "countersign" | "decline" | "opinion" | "approve" | "return" | null;

/** One edition of a report: what the records say, what people write, how it will be printed, who stands under it. */
export default function ReportScreen(): ReactNode {
  const { id } = useParams({ strict: false }) as { id: string };
  const session = useSession();
  const { data: report, error, isPending, refetch } = useQuery(reportQuery(session, id));
  const waiting = useDelayed(isPending);
  const [doing, setDoing] = useState<Doing>(null);
  if (!report) {
    return (
      <Page title="整改报告">
        {error && <ProblemNotice problem={error} retry={() => void refetch()} />}
        {waiting && <p className="x-hint">正在加载…</p>}
      </Page>
    );
  }
  const head = {
    title: `${report.unit_name}${kindNames[report.kind]}`,
    crumb: `${report.unit_name}第${report.period}期第${report.edition}版`,
  };
  const back = () => setDoing(null);
  if (doing === "sign" || doing === "countersign") {
    return (
      <Page {...head} width="reading" note="核对后签字">
        <Signing report={report} as={doing} onBack={back} />
      </Page>
    );
  }
  return (
    <Page
      {...head}
      note={
        <>
          {report.round_name}，第{report.period}期第{report.edition}版{" "}
          <StatusTag words={reportStates} state={report.state ?? "owed"} />{" "}
          {(report.state === "drafting" || report.overdue) && <Deadline due={report.due_on} />}
        </>
      }
      actions={<Actions report={report} onDo={setDoing} />}
    >
      <Standing report={report} />
      <div className="x-papers-columns">
        <Body key={report.id} report={report} />
        <Aside report={report} />
      </div>
      {doing === "opinion" && <Opine report={report} onClose={back} />}
      {(doing === "decline" || doing === "approve" || doing === "return") && (
        <Decide report={report} as={doing} onClose={back} />
      )}
    </Page>
  );
}

function Actions({ report, onDo }: { report: Report; onDo: (doing: Doing) => void }): ReactNode {
  const { office } = useSession();
  const navigate = useNavigate();
  const may = (action: Report["allowed"][number]) => report.allowed.includes(action);
  const begin = useWrite({
    run: (_: undefined, key) => beginReport(office, report.round, report.kind, key),
    refresh: [reportsKey, ["tasks"]],
    onDone: (made) => {
      say(`已另立第${made.edition}版，原文字已带入`);
      void navigate({ to: `/w/${office}/reports/${made.id}` as string });
    },
  });
  const receive = useWrite({
    run: (version: number, key) =>
      answer(
        api.POST("/v1/offices/{office}/reports/{id}/receive", {
          params: { path: { office, id: report.id ?? "" } },
          headers: { ...ifMatch(version), "Idempotency-Key": key },
        }),
      ),
    refresh: [reportsKey, ["tasks"]],
    onDone: () => say(`已受理，送各方审核：${report.unit_name}`),
  });
  return (
    <>
      <WriteProblem
        problem={begin.problem ?? receive.problem}
        onTheirs={receive.problem ? (version) => receive.send(version) : undefined}
      />
      {may("decline") && <Button onClick={() => onDo("decline")}>退回修改</Button>}
      {(may("sign") || may("countersign")) && (
        <Button
          type="primary"
          disabled={may("sign") && report.gaps.length > 0}
          onClick={() => onDo(may("sign") ? "sign" : "countersign")}
        >
          核对并签字
        </Button>
      )}
      {may("receive") && (
        <Button type="primary" loading={receive.pending} onClick={() => receive.send(report.version)}>
          受理送审
        </Button>
      )}
      {may("opinion") && (
        <Button type="primary" onClick={() => onDo("opinion")}>
          审核报告
        </Button>
      )}
      {may("return") && (
        <Button type="primary" onClick={() => onDo("return")}>
          退回重报
        </Button>
      )}
      {may("approve") && (
        <Button type="primary" onClick={() => onDo("approve")}>
          通过存档
        </Button>
      )}
      {may("begin") && (
        <Button type="primary" loading={begin.pending} onClick={() => begin.send(undefined)}>
          修改重报
        </Button>
      )}
    </>
  );
}

/** What came back, and what is missing. */
function Standing({ report }: { report: Report }): ReactNode {
  const { office } = useSession();
  const whole = report.gaps.filter((gap) => gap.number === "");
  const lines = report.gaps.length - whole.length;
  return (
    <>
      {report.state === "returned" && (
        <Notice tone="warning">
          {report.decided_by}退回（{reasonWords(report.reasons)}）：
          <Lines text={report.letter} />
        </Notice>
      )}
      {report.gaps.length > 0 && (
        <Notice tone="info">
          {whole.map((gap) => gap.message).join("")}
          {lines > 0 && `有 ${lines} 个未完成的问题没有原因，已在下面标出。`}
          {whole.some((gap) => gap.code === "acts") && <a href={`/w/${office}/head-acts`}>去登记</a>}
        </Notice>
      )}
    </>
  );
}

/** The parts to write, or the paper as it will be printed. */
function Body({ report }: { report: Report }): ReactNode {
  const { office } = useSession();
  const edits = report.allowed.includes("edit");
  const [view, setView] = useState<string>(edits ? "写" : "印");
  const { text } = report.content;
  return (
    <div>
      <div className="x-report-views x-no-print">
        <Segmented
          aria-label="查看方式"
          value={view}
          onChange={setView}
          options={[
            { value: "写", label: edits ? "填写" : "逐条" },
            { value: "印", label: "打印预览" },
          ]}
        />
        <TakeOut
          take={() =>
            api.POST("/v1/offices/{office}/reports/{id}/export", {
              parseAs: "blob",
              params: { path: { office, id: report.id ?? "" } },
            })
          }
        />
      </div>
      {view === "印" ? (
        <Sheet title={text.title} to={text.to} from={text.from} dated={formatDayLong(report.content.as_of)}>
          <p className="x-paper-text">{text.lead}</p>
          {text.sections.map((section) => (
            <section key={section.heading}>
              <h3 className="x-paper-heading">{section.heading}</h3>
              {section.paragraphs.map((paragraph) => (
                <p key={paragraph} className="x-paper-text">
                  {paragraph}
                </p>
              ))}
            </section>
          ))}
        </Sheet>
      ) : (
        <>
          {edits && <Writing report={report} />}
          <ItemLines report={report} />
        </>
      )}
    </div>
  );
}

function Aside({ report }: { report: Report }): ReactNode {
  const { office, below } = useSession();
  const { since, editions } = report;
  return (
    <div>
      <Signatures paper={report} promise={report.content.promise} leader={report.kind === "progress"} />
      <Review
        paper={report}
        title="联合审核"
        running={report.state === "reviewing"}
        passed={report.state === "approved" ? "通过存档" : undefined}
      />
      {since.title && (
        <Panel title={`比上次签字（${since.title}）`}>
          {since.lines.length === 0 ? (
            <p className="x-hint">没有变化</p>
          ) : (
            <ul className="x-report-since">
              {since.lines.map((line) => (
                <li key={line}>{line}</li>
              ))}
            </ul>
          )}
        </Panel>
      )}
      {editions.length > 1 && (
        <Panel title="各期各版">
          <ul className="x-report-since">
            {editions.map((each) => (
              <li key={each.id}>
                <a href={`/w/${office}/reports/${each.id}${below ? `?below=${below}` : ""}`}>
                  第{each.period}期第{each.edition}版
                </a>{" "}
                <StatusTag words={reportStates} state={each.state} />
              </li>
            ))}
          </ul>
        </Panel>
      )}
    </div>
  );
}
