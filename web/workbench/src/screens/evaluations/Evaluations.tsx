import { useQuery } from "@tanstack/react-query";
import { Button, Modal, Select } from "antd";
import { type ReactNode, useMemo, useState } from "react";
import {
  answer,
  api,
  Deadline,
  excelExports,
  Instant,
  type ListSpec,
  ListView,
  NO_DATA,
  optionsOf,
  Page,
  StatusTag,
  say,
  Tag,
  useRole,
  useSession,
  useWrite,
  WriteProblem,
} from "@/parts";
import { latestRound, roundsQuery } from "../rectification/data";
import { cardsQuery, evaluationsKey, exportGrades, formatPoints, type Line, listEvaluations } from "./data";
import { evaluationStates, secondStates } from "./words";

/** 整改成效评估 (S19): by round and unit, never by score. */
export default function Evaluations(): ReactNode {
  const { office, below } = useSession();
  const own = useRole("OFF", "DIR", "CITY", "PROV") && below === undefined;
  const ofUnit = useRole("UNIT", "HEAD");
  const [beginning, setBeginning] = useState(false);
  const spec = useSpec(ofUnit);
  return (
    <Page
      title="整改成效评估"
      width="list"
      note={ofUnit ? "本单位的自评和评估结果" : "按轮次和单位排列，不作名次比较"}
      actions={
        own && (
          <>
            <Button href={`/w/${office}/score-cards`}>评分表</Button>
            <Button type="primary" onClick={() => setBeginning(true)}>
              生成评估表
            </Button>
          </>
        )
      }
    >
      <ListView spec={spec} />
      {beginning && <BeginDialog onClose={() => setBeginning(false)} />}
    </Page>
  );
}

function useSpec(ofUnit: boolean): ListSpec<Line> {
  const { office, below } = useSession();
  const exporter = useRole("OFF", "DIR", "LG", "CITY", "PROV");
  const rounds = useQuery(roundsQuery({ office, below })).data;
  return useMemo<ListSpec<Line>>(() => {
    const href = (line: Line) => `/w/${office}/evaluations/${line.id}${below ? `?below=${below}` : ""}`;
    return {
      screen: "rectification.evaluations",
      caption: "整改成效评估",
      unit: "份",
      queryKey: [...evaluationsKey, office, below, "list"],
      load: (ask, signal) => listEvaluations({ office, below }, ask, signal),
      rowKey: (line) => line.id,
      rowName: (line) => `${line.unit_name}，${line.round_name}`,
      columns: [
        {
          key: "unit",
          title: "单位",
          width: 196,
          pinned: true,
          card: "title",
          cell: (line) => <a href={href(line)}>{line.unit_name}</a>,
        },
        { key: "round", title: "轮次", width: 168, cell: (line) => line.round_name },
        { key: "card", title: "评分表", width: 144, cell: (line) => line.card_name },
        {
          key: "state",
          title: "阶段",
          width: 112,
          cell: (line) => (
            <>
              <StatusTag words={evaluationStates} state={line.state} />
              {line.edition > 1 && <span className="x-hint"> 第{line.edition}版</span>}
            </>
          ),
        },
        {
          key: "points",
          title: "得分",
          width: 72,
          align: "right",
          cell: (line) => <span className="x-number">{formatPoints(line.points)}</span>,
        },
        { key: "grade", title: "等次", width: 112, cell: (line) => <GradeCell line={line} /> },
        {
          key: "second",
          title: "二次整改",
          width: 168,
          cell: (line) =>
            line.second ? (
              <>
                <StatusTag words={secondStates} state={line.second} />{" "}
                {line.second !== "confirmed" && line.second !== "replaced" && <Deadline due={line.second_due} />}
              </>
            ) : (
              NO_DATA
            ),
        },
        { key: "announced", title: "通报时间", width: 144, cell: (line) => <Instant at={line.issued_at} /> },
      ],
      filters: [
        { key: "state", label: "阶段", kind: "many", options: optionsOf(evaluationStates) },
        {
          key: "grade",
          label: "等次",
          kind: "many",
          options: ["好", "优秀", "较好", "一般", "差"].map((value) => ({ value, label: value })),
        },
        {
          key: "round",
          label: "轮次",
          kind: "one",
          options: (rounds ?? []).map(({ id, name }) => ({ value: id, label: name })),
        },
      ],
      search: ofUnit ? undefined : "搜索单位",
      href,
      exports: exporter
        ? excelExports((_, form, columns) => exportGrades({ office, below }, form, columns))
        : undefined,
      empty: ofUnit ? "还没有评估。集中整改期满后由巡察办发起，届时在这里自评。" : "集中整改期满后生成评估表。",
    };
  }, [office, below, ofUnit, exporter, rounds]);
}

/** A grade; a veto is said in words. */
export function GradeCell({ line }: { line: Pick<Line, "grade" | "veto"> }): ReactNode {
  if (!line.grade) return NO_DATA;
  return (
    <>
      {line.grade} {line.veto && <Tag tone="danger">否决</Tag>}
    </>
  );
}

function BeginDialog({ onClose }: { onClose: () => void }): ReactNode {
  const session = useSession();
  const { office } = session;
  const { data: rounds } = useQuery(roundsQuery(session));
  const { data: cards } = useQuery(cardsQuery(office));
  const [chosen, setChosen] = useState<{ round?: string; card?: string }>({});
  const round = chosen.round ?? latestRound(rounds)?.id;
  const card = chosen.card ?? cards?.[0]?.key;
  const write = useWrite({
    run: (body: { round: string; card: string }, key) =>
      answer(
        api.POST("/v1/offices/{office}/evaluations", {
          params: { path: { office } },
          headers: { "Idempotency-Key": key },
          body,
        }),
      ),
    refresh: [evaluationsKey, ["tasks"]],
    onDone: ({ made, had }) => {
      say(`已生成 ${made.length} 份评估表${had > 0 ? `，${had} 个单位此前已有` : ""}`);
      onClose();
    },
  });
  return (
    <Modal
      open
      title="生成评估表"
      okText="生成评估表"
      cancelText="暂不生成"
      confirmLoading={write.pending}
      okButtonProps={{ disabled: !round || !card }}
      onOk={() => round && card && write.send({ round, card })}
      onCancel={onClose}
    >
      <WriteProblem problem={write.problem} />
      <div className="x-form-column">
        <label htmlFor="evaluation-round">
          轮次
          <Select
            id="evaluation-round"
            value={round}
            placeholder="选择轮次"
            options={rounds?.map(({ id, name }) => ({ value: id, label: name }))}
            onChange={(value) => setChosen({ ...chosen, round: value })}
          />
        </label>
        <label htmlFor="evaluation-card">
          评分表
          <Select
            id="evaluation-card"
            value={card}
            placeholder="选择评分表"
            options={cards?.map(({ key, name }) => ({ value: key, label: name }))}
            onChange={(value) => setChosen({ ...chosen, card: value })}
          />
        </label>
      </div>
      <p className="x-hint">为该轮次每个收到反馈的单位各生成一份，先由单位自评。已有评估的单位不重复生成。</p>
    </Modal>
  );
}
