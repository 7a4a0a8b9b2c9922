import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { Input } from "antd";
import { type ReactNode, useState } from "react";
import {
  answer,
  api,
  ifMatch,
  Notice,
  Page,
  Panel,
  ProblemNotice,
  ReadyButton,
  say,
  useLeaveGuard,
  useSession,
  useWrite,
  WriteProblem,
} from "@/parts";
import { DayPicker } from "@/parts/DayPicker";
import { BasisField } from "./BasisField";
import { type Composing, linkageKey, type NoticeView, noticeQuery } from "./data";
import { RecipientsField } from "./RecipientsField";
import "./linkage.css";

/** The notice on screen, before it is sent. */
interface Draft {
  tag: string;
  title: string;
  body: string;
  questions: string;
  offices: readonly string[];
  units: readonly string[];
  /** Findings taken out of the basis, by their identifiers. */
  dropped: readonly string[];
  receiptDue: string | null;
  selfCheckDue: string | null;
  reportDue: string | null;
}

const compared = [
  ["title", "标题"],
  ["body", "正文"],
  ["questions", "必答问题"],
] as const;

/** 起草通报: new from a common issue, forwarded from a received one, or a draft taken up again. */
export default function Compose(): ReactNode {
  const { id } = useParams({ strict: false }) as { id?: string };
  const { tag = "", forward } = useSearch({ strict: false }) as { tag?: string; forward?: string };
  const { office } = useSession();
  const source = id ?? forward;
  const { data, error } = useQuery({ ...noticeQuery(office, source ?? ""), enabled: source !== undefined });
  if (source !== undefined && !data) return <Page title="起草通报">{error && <ProblemNotice problem={error} />}</Page>;
  return (
    <Form
      key={source}
      draft={draftFrom(data, id !== undefined, tag)}
      edits={id ? data : undefined}
      forwards={forward ? data : undefined}
    />
  );
}

function draftFrom(view: NoticeView | undefined, edits: boolean, tag: string): Draft {
  const chosen = edits ? (view?.recipients ?? []) : [];
  return {
    tag: view?.tag ?? tag,
    title: view?.title ?? (tag && `关于${tag}问题的通报`),
    body: view?.body ?? "",
    questions: view?.questions.join("\n") ?? "",
    offices: chosen.filter(({ unit }) => unit === null).map((each) => each.office),
    units: chosen.flatMap(({ unit }) => (unit === null ? [] : [unit])),
    dropped: [],
    receiptDue: edits ? (view?.receipt_due ?? null) : null,
    selfCheckDue: edits ? (view?.self_check_due ?? null) : null,
    reportDue: edits ? (view?.report_due ?? null) : null,
  };
}

function Form({ draft, edits, forwards }: { draft: Draft; edits?: NoticeView; forwards?: NoticeView }): ReactNode {
  const { office } = useSession();
  const navigate = useNavigate();
  // What the draft is written on, whatever is read meanwhile.
  const [base] = useState({ draft, version: edits?.version ?? 0 });
  const [now, setNow] = useState(draft);
  const [basis, setBasis] = useState<readonly { office: string; id: string }[]>([]);
  const set = (change: Partial<Draft>) => setNow({ ...now, ...change });
  const dirty = JSON.stringify(now) !== JSON.stringify(base.draft);
  const parent = edits?.parent ?? forwards?.id ?? undefined;

  const write = useWrite({
    run: (version: number, key) => {
      const body = bodyOf(now, parent, basis);
      if (edits === undefined) {
        return answer(
          api.POST("/v1/offices/{office}/notices", {
            params: { path: { office } },
            headers: { "Idempotency-Key": key },
            body,
          }),
        );
      }
      return answer(
        api.PUT("/v1/offices/{office}/notices/{id}", {
          params: { path: { office, id: edits.id } },
          headers: ifMatch(version),
          body,
        }),
      );
    },
    refresh: [linkageKey],
    onDone: ({ id }) => {
      say("已保存草稿");
      void navigate({ href: `/w/${office}/linkage/${id}` });
    },
  });
  useLeaveGuard(dirty && !write.pending);
  const missing = [
    now.title.trim() === "" && "标题",
    now.body.trim() === "" && "正文",
    now.offices.length + now.units.length === 0 && "接收单位",
  ];
  const title = edits ? "修改通报" : forwards ? "转发通报" : "起草通报";
  return (
    <Page
      title={title}
      width="reading"
      note={forwards && `转发：${forwards.number} ${forwards.title}`}
      actions={
        <ReadyButton type="primary" what={missing} loading={write.pending} onClick={() => write.send(base.version)}>
          保存草稿
        </ReadyButton>
      }
    >
      <WriteProblem
        problem={write.problem}
        mine={{ ...now }}
        theirs={({ title, body, questions }) => ({ title, body, questions: (questions as string[]).join("\n") })}
        fields={compared}
        onTheirs={(version) => write.send(version)}
      />
      <Panel title="内容">
        <TextFields now={now} set={set} tagFixed={parent !== undefined} />
      </Panel>
      {parent === undefined && (
        <BasisField tag={now.tag} dropped={now.dropped} onDrop={(dropped) => set({ dropped })} onBasis={setBasis} />
      )}
      <Panel title={`接收范围（${now.offices.length + now.units.length}）`}>
        <RecipientsField
          offices={now.offices}
          units={now.units}
          onChange={(offices, units) => set({ offices, units })}
        />
      </Panel>
      <Panel title="时限">
        <DueFields now={now} set={set} latest={forwards?.delivery?.report_due} />
      </Panel>
    </Page>
  );
}

function bodyOf(now: Draft, parent: string | undefined, basis: readonly { office: string; id: string }[]): Composing {
  const chosen = basis.filter(({ id }) => !now.dropped.includes(id));
  return {
    parent,
    tag: now.tag.trim() || undefined,
    title: now.title,
    body: now.body,
    questions: now.questions.split("\n").flatMap((line) => line.trim() || []),
    offices: [...now.offices],
    units: [...now.units],
    findings: parent === undefined && now.dropped.length > 0 ? chosen : undefined,
    receipt_due: now.receiptDue ?? undefined,
    self_check_due: now.selfCheckDue ?? undefined,
    report_due: now.reportDue ?? undefined,
  };
}

function TextFields({
  now,
  set,
  tagFixed,
}: {
  now: Draft;
  set: (change: Partial<Draft>) => void;
  tagFixed: boolean;
}): ReactNode {
  return (
    <div className="x-stack">
      <label htmlFor="tag">
        共性问题标签
        <Input
          id="tag"
          maxLength={40}
          value={now.tag}
          disabled={tagFixed}
          onChange={(event) => set({ tag: event.target.value, dropped: [] })}
        />
      </label>
      <label htmlFor="title">
        标题
        <Input id="title" maxLength={200} value={now.title} onChange={(event) => set({ title: event.target.value })} />
      </label>
      <label htmlFor="body">
        正文
        <Input.TextArea
          id="body"
          autoSize={{ minRows: 6, maxRows: 20 }}
          maxLength={20000}
          value={now.body}
          onChange={(event) => set({ body: event.target.value })}
        />
      </label>
      <label htmlFor="questions">
        必答问题（每行一个，接收单位逐项答复）
        <Input.TextArea
          id="questions"
          autoSize={{ minRows: 2, maxRows: 10 }}
          value={now.questions}
          onChange={(event) => set({ questions: event.target.value })}
        />
      </label>
      <Notice tone="neutral">
        正文不得出现来源单位的名称。保存后会列出可能指认来源单位的词语，逐一处理后才能送审。
      </Notice>
    </div>
  );
}

function DueFields({
  now,
  set,
  latest,
}: {
  now: Draft;
  set: (change: Partial<Draft>) => void;
  latest?: string;
}): ReactNode {
  return (
    <>
      <div className="x-fields">
        <label htmlFor="receipt">
          签收期限
          <DayPicker id="receipt" value={now.receiptDue} onChange={(day) => set({ receiptDue: day })} />
        </label>
        <label htmlFor="check">
          自查期限
          <DayPicker id="check" value={now.selfCheckDue} onChange={(day) => set({ selfCheckDue: day })} />
        </label>
        <label htmlFor="report">
          报送期限
          <DayPicker id="report" value={now.reportDue} onChange={(day) => set({ reportDue: day })} />
        </label>
      </div>
      <p className="x-hint">不填的按本级规则以工作日计算{latest && `；报送期限不晚于本级应报送的日期 ${latest}`}</p>
    </>
  );
}
