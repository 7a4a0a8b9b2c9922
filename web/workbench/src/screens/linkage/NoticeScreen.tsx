import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import {
  Deadline,
  Facts,
  Instant,
  Lines,
  NO_DATA,
  Notice,
  NumberCell,
  Page,
  Panel,
  ProblemNotice,
  StatusTag,
  useDelayed,
  useRole,
  useSession,
} from "@/parts";
import { type NoticeView, noticeQuery } from "./data";
import { IssueCheck } from "./IssueCheck";
import { Names } from "./Names";
import { NoticeActions } from "./NoticeActions";
import { OwnPart } from "./OwnPart";
import { Receipts } from "./Receipts";
import { noticeStates } from "./words";
import "./linkage.css";

/** A notice: its text, the own part in it, and for the issuer the receipts. */
export default function NoticeScreen(): ReactNode {
  const { id } = useParams({ strict: false }) as { id: string };
  const { office } = useSession();
  const { data, error, isPending, refetch } = useQuery(noticeQuery(office, id));
  const waiting = useDelayed(isPending);
  const [issuing, setIssuing] = useState(false);
  if (!data) {
    return (
      <Page title="通报">
        {error && <ProblemNotice problem={error} retry={() => void refetch()} />}
        {waiting && <p className="x-hint">正在加载…</p>}
      </Page>
    );
  }
  const head = { title: data.title, crumb: data.number || (data.state === "draft" ? "草稿" : data.title) };
  if (issuing) {
    return (
      <Page {...head} width="reading" note="核对后签发">
        <IssueCheck notice={data} onBack={() => setIssuing(false)} />
      </Page>
    );
  }
  return (
    <Page
      {...head}
      note={
        <>
          {data.number && <NumberCell number={data.number} />} <StatusTag words={noticeStates} state={data.state} />{" "}
          {data.issuer_name}
        </>
      }
      actions={<NoticeActions notice={data} onIssue={() => setIssuing(true)} />}
    >
      <Body notice={data} />
    </Page>
  );
}

// Whoever sent the notice looks at the receipts first, whoever received it at what is asked.
function Body({ notice }: { notice: NoticeView }): ReactNode {
  return (
    <>
      <Names notice={notice} />
      {notice.delivery && <OwnPart notice={notice} part={notice.delivery} key={notice.delivery.version} />}
      {notice.matrix && <Receipts notice={notice} matrix={notice.matrix} />}
      <div className="x-notice-columns">
        <Panel title="正文">
          <p className="x-letter-body">{notice.body}</p>
          {notice.questions.length > 0 && (
            <ol className="x-letter-questions">
              {notice.questions.map((question) => (
                <li key={question}>{question}</li>
              ))}
            </ol>
          )}
          {notice.summary && (
            <>
              <h3 className="x-letter-part">闭环小结</h3>
              <Lines text={notice.summary} />
            </>
          )}
        </Panel>
        <Side notice={notice} />
      </div>
    </>
  );
}

function Side({ notice }: { notice: NoticeView }): ReactNode {
  const { office } = useSession();
  const ofUnit = useRole("UNIT", "HEAD"); // what the office received is not the unit's to read
  return (
    <div>
      <Panel title="时限">
        <Facts
          facts={[
            ["下发", notice.issued_at ? <Instant key="at" at={notice.issued_at} /> : NO_DATA],
            ["签发人", notice.issued_by],
            ["签收期限", <Deadline key="receipt" due={notice.receipt_due} />],
            ["自查期限", <Deadline key="check" due={notice.self_check_due} />],
            ["报送期限", <Deadline key="report" due={notice.report_due} />],
            ["共性标签", notice.tag],
          ]}
        />
        {notice.due_provisional && <Notice tone="warning">部分期限落在尚未公布节假日安排的年份，为暂定日期。</Notice>}
      </Panel>
      {notice.parent && !ofUnit && (
        <Panel title="上级通报">
          <a href={`/w/${office}/linkage/${notice.parent}`}>查看所转发的通报</a>
        </Panel>
      )}
      {notice.forwarded.length > 0 && (
        <Panel title="本级转发">
          <ul>
            {notice.forwarded.map((each) => (
              <li key={each.id}>
                <a href={`/w/${office}/linkage/${each.id}`}>{each.number || "草稿"}</a>{" "}
                <StatusTag words={noticeStates} state={each.state} />
              </li>
            ))}
          </ul>
        </Panel>
      )}
      {notice.matrix === null && notice.recipients.length > 0 && (
        <Panel title={`接收单位（${notice.recipients.length}）`}>
          <p>{notice.recipients.map(({ name }) => name).join("、")}</p>
        </Panel>
      )}
      <Basis notice={notice} />
    </div>
  );
}

function Basis({ notice }: { notice: NoticeView }): ReactNode {
  const { office } = useSession();
  const [open, setOpen] = useState(false);
  if (notice.basis.length === 0) return null;
  const shown = open ? notice.basis : notice.basis.slice(0, 3);
  return (
    <Panel title={`依据的问题（${notice.basis.length}）`}>
      <ul className="x-sources">
        {shown.map((finding) => (
          <li key={finding.id}>
            <NumberCell
              number={finding.number}
              href={`/w/${office}/ledger/${finding.id}${finding.office === office ? "" : `?below=${finding.office}`}`}
            />
            <p className="x-hint">
              {finding.office_name} {finding.unit_name}
            </p>
          </li>
        ))}
      </ul>
      {notice.basis.length > 3 && (
        <button type="button" className="x-plain-button" onClick={() => setOpen(!open)}>
          {open ? "收起" : `全部 ${notice.basis.length} 条`}
        </button>
      )}
      <p className="x-hint">只有本级可见</p>
    </Panel>
  );
}
