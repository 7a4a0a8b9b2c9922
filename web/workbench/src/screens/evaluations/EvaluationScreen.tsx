import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { Button } from "antd";
import { type ReactNode, useState } from "react";
import {
  copyText,
  Facts,
  Instant,
  Lines,
  NO_DATA,
  Notice,
  Page,
  Panel,
  ProblemNotice,
  StatusTag,
  saveFile,
  sayProblem,
  useDelayed,
  useRole,
  useSession,
} from "@/parts";
import { partyNames } from "../rectification/words";
import { Announce } from "./Announce";
import { Confirming, type Step } from "./Confirming";
import { Deductions } from "./Deductions";
import { type Evaluation, evaluationQuery, exportSheet, formatPoints } from "./data";
import { GradeCell } from "./Evaluations";
import { GroupDialog } from "./GroupDialog";
import { Marks } from "./Marks";
import { type Note, NoteDialog } from "./NoteDialog";
import { SecondPanel } from "./SecondPanel";
import { SelfForm } from "./SelfForm";
import { SurveyPanel } from "./SurveyPanel";
import { evaluationStates } from "./words";
import "./evaluations.css";

type Doing = Step | Note | "announce" | "convene";

const steps: readonly Doing[] = ["sign", "finish", "decide"];

/** One evaluation: what the unit says, what the group says beside it, and what comes of both. */
export default function EvaluationScreen(): ReactNode {
  const { id } = useParams({ strict: false }) as { id: string };
  const session = useSession();
  const { data: one, error, isPending, refetch } = useQuery(evaluationQuery(session, id));
  const waiting = useDelayed(isPending);
  const [doing, setDoing] = useState<Doing | null>(null);
  if (!one) {
    return (
      <Page title="整改成效评估">
        {error && <ProblemNotice problem={error} retry={() => void refetch()} />}
        {waiting && <p className="x-hint">正在加载…</p>}
      </Page>
    );
  }
  const head = { title: `${one.unit_name}整改成效评估`, crumb: one.unit_name };
  const back = () => setDoing(null);
  if (doing === "announce") {
    return (
      <Page {...head} width="reading" note="核对后通报">
        <Announce one={one} onBack={back} />
      </Page>
    );
  }
  if (doing !== null && steps.includes(doing)) {
    return (
      <Page {...head} width="reading" note="核对后办理">
        <Confirming one={one} as={doing as Step} onBack={back} />
      </Page>
    );
  }
  return (
    <Page
      {...head}
      note={
        <>
          {one.round_name}，{one.card_name}
          {one.edition > 1 && `，第${one.edition}版`} <StatusTag words={evaluationStates} state={one.state} />
        </>
      }
      actions={<Actions one={one} onDo={setDoing} />}
    >
      <Standing one={one} />
      <div className="x-evaluation-columns">
        <div>
          {one.allowed.includes("fill") && <SelfForm key={one.id} one={one} />}
          {one.card.kind === "points" ? <Deductions one={one} /> : <Marks key={one.id} one={one} />}
        </div>
        <div>
          <Summary one={one} />
          {one.sheet && <SurveyPanel key={one.id} one={one} sheet={one.sheet} />}
          {one.second_rectification && <SecondPanel one={one} second={one.second_rectification} />}
          <People one={one} />
          <Editions one={one} />
        </div>
      </div>
      {doing === "convene" && <GroupDialog one={one} onClose={back} />}
      {doing !== null && doing !== "convene" && <NoteDialog one={one} as={doing as Note} onClose={back} />}
    </Page>
  );
}

const actions: readonly { do: Evaluation["allowed"][number]; open: Doing; label: string; primary?: boolean }[] = [
  { do: "waive", open: "waive", label: "不等自评" },
  { do: "return", open: "return", label: "退回" },
  { do: "rescore", open: "rescore", label: "重新评估" },
  { do: "convene", open: "convene", label: "组建评估组" },
  { do: "sign", open: "sign", label: "核对并签署", primary: true },
  { do: "finish", open: "finish", label: "提交评估", primary: true },
  { do: "approve", open: "approve", label: "审核同意", primary: true },
  { do: "decide", open: "decide", label: "核对并审定", primary: true },
  { do: "announce", open: "announce", label: "核对并通报", primary: true },
];

function Actions({ one, onDo }: { one: Evaluation; onDo: (doing: Doing) => void }): ReactNode {
  const { office, below } = useSession();
  const exporter = useRole("OFF", "DIR", "CITY", "PROV", "LG", "DISC", "ORG", "DEPT") && below === undefined;
  return (
    <>
      {exporter && (one.sheet || one.told) && (
        <Button onClick={() => void saveFile(exportSheet(office, one.id)).catch(sayProblem)}>导出评分表</Button>
      )}
      {actions
        .filter((each) => one.allowed.includes(each.do))
        .map((each) => (
          <Button
            key={each.do}
            type={each.primary ? "primary" : undefined}
            disabled={each.do === "finish" && (one.sheet?.missing.length ?? 0) > 0}
            onClick={() => onDo(each.open)}
          >
            {each.label}
          </Button>
        ))}
    </>
  );
}

/** Why it is scored again, why it came back, what lacks. */
function Standing({ one }: { one: Evaluation }): ReactNode {
  const { sheet } = one;
  return (
    <>
      {one.reason && <Notice tone="info">重新评估：{one.reason}</Notice>}
      {one.asked && (
        <Notice tone="warning">
          {one.state === "self" ? "自评退回：" : "未等自评："}
          <Lines text={one.asked} />
        </Notice>
      )}
      {one.state === "assessing" && sheet?.note && (
        <Notice tone="warning">
          {sheet.decided_by}退回：
          <Lines text={sheet.note} />
        </Notice>
      )}
      {sheet && one.state === "assessing" && sheet.missing.length > 0 && (
        <Notice tone="info">
          提交前还需办理：
          <ul className="x-evaluation-missing">
            {sheet.missing.map((each) => (
              <li key={each}>{each}</li>
            ))}
          </ul>
        </Notice>
      )}
    </>
  );
}

/** What it comes to; for the unit once it is made known. */
function Summary({ one }: { one: Evaluation }): ReactNode {
  const result = one.told ?? one.sheet?.score;
  if (!result) return null;
  const draft = !one.told && !one.sheet?.frozen;
  return (
    <Panel title={draft ? "评分（未提交）" : "评分"}>
      <p className="x-evaluation-total">
        {result.points !== null && <strong className="x-number">{formatPoints(result.points)} 分</strong>}{" "}
        <GradeCell line={result} />
      </p>
      {result.vetoes.map((veto) => (
        <Notice key={veto.id} tone="danger">
          一票否决：{veto.text}
          {veto.rows.map((row) => (
            <span key={row.id} className="x-evaluation-why">
              {row.number} {row.text}
            </span>
          ))}
        </Notice>
      ))}
      {one.told && <Paragraph text={one.told.paragraph} />}
      {one.sheet?.frozen && (
        <p className="x-hint">
          评分依据已冻结：{one.sheet.frozen.by} <Instant at={one.sheet.frozen.at} />
          ，校验码 <span className="x-code">{one.sheet.frozen.digest.slice(0, 16)}</span>
        </p>
      )}
      {one.sheet?.frozen && one.sheet.note && <p>审批意见：{one.sheet.note}</p>}
    </Panel>
  );
}

function Paragraph({ text }: { text: string }): ReactNode {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await copyText(text);
    setCopied(true);
    setTimeout(() => setCopied(false), 2000);
  };
  return (
    <>
      <p className="x-evaluation-paragraph">{text}</p>
      <button type="button" className="x-plain-button" onClick={() => void copy()}>
        {copied ? "已复制" : "复制文字"}
      </button>
    </>
  );
}

function People({ one }: { one: Evaluation }): ReactNode {
  return (
    <Panel title="办理人">
      <Facts
        facts={[
          [
            "自评签署",
            one.head ? (
              <>
                {one.head} <Instant at={one.head_at} />
              </>
            ) : (
              NO_DATA
            ),
          ],
          ...(one.sheet
            ? ([
                [
                  "评估组",
                  one.sheet.people.map((person) => `${person.name}（${partyNames[person.party]}）`).join("、"),
                  "wide",
                ],
              ] as const)
            : []),
        ]}
      />
    </Panel>
  );
}

function Editions({ one }: { one: Evaluation }): ReactNode {
  const { office } = useSession();
  if (one.editions.length < 2) return null;
  return (
    <Panel title="历次评估">
      <ul className="x-evaluation-editions">
        {one.editions.map((line) => (
          <li key={line.id}>
            {line.id === one.id ? (
              <span>第{line.edition}版（本页）</span>
            ) : (
              <a href={`/w/${office}/evaluations/${line.id}`}>第{line.edition}版</a>
            )}{" "}
            <span className="x-number">{formatPoints(line.points)}</span> <GradeCell line={line} />{" "}
            <StatusTag words={evaluationStates} state={line.state} />
          </li>
        ))}
      </ul>
    </Panel>
  );
}
