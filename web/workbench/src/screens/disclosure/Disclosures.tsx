import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Button, Modal, Select } from "antd";
import { type ReactNode, useMemo, useState } from "react";
import {
  answer,
  api,
  Count,
  Instant,
  type ListSpec,
  ListView,
  NumberCell,
  optionsOf,
  Page,
  StatusTag,
  say,
  Tag,
  untilComplete,
  useRole,
  useSession,
  useWrite,
  WriteProblem,
} from "@/parts";
import { latestRound, roundsQuery, unitsQuery } from "../rectification/data";
import { type Line, listTexts, textsKey } from "./data";
import { textStates } from "./words";

/** 公开编辑 (S24): the texts for the public, from draft to page. */
export default function Disclosures(): ReactNode {
  const session = useSession();
  const writer = useRole("OFF", "DIR", "UNIT", "HEAD", "CITY", "PROV") && session.below === undefined;
  const [making, setMaking] = useState(false);
  const spec = useSpec();
  return (
    <Page
      title="公开编辑"
      width="list"
      note="整改进展情况的通报：从台账生成，逐级审批，到时自动发布"
      actions={
        writer && (
          <Button type="primary" onClick={() => setMaking(true)}>
            生成通报
          </Button>
        )
      }
    >
      <ListView spec={spec} />
      {making && <Make onClose={() => setMaking(false)} />}
    </Page>
  );
}

function useSpec(): ListSpec<Line> {
  const { office, below, identity } = useSession();
  const ofUnit = identity.unit !== undefined;
  const units = useQuery(unitsQuery({ office, below })).data;
  const rounds = useQuery(roundsQuery({ office, below })).data;
  return useMemo<ListSpec<Line>>(() => {
    const href = (line: Line) => `/w/${office}/disclosures/${line.id}${below ? `?below=${below}` : ""}`;
    return {
      screen: "disclosure.texts",
      caption: "公开编辑",
      unit: "份通报",
      queryKey: [...textsKey, office, below],
      load: (ask, signal) => listTexts({ office, below }, ask, signal),
      rowKey: (line) => line.id,
      rowName: (line) => line.number,
      columns: [
        {
          key: "number",
          title: "索引号",
          width: 150,
          pinned: true,
          card: "title",
          cell: (line) => <NumberCell number={line.number} href={href(line)} />,
        },
        { key: "title", title: "标题", width: 288, card: "title", cell: (line) => line.title },
        {
          key: "state",
          title: "状态",
          width: 150,
          cell: (line) => (
            <>
              <StatusTag words={textStates} state={line.state} />
              {line.held && <Tag tone="danger">已停止发布</Tag>}
              {line.edition > 1 && <Tag tone="neutral">第 {line.edition} 版</Tag>}
            </>
          ),
        },
        { key: "round", title: "轮次", width: 150, cell: (line) => line.round_name },
        { key: "findings", title: "问题", width: 56, align: "right", cell: (line) => <Count n={line.findings} /> },
        { key: "withheld", title: "不公开", width: 66, align: "right", cell: (line) => <Count n={line.withheld} /> },
        {
          key: "publish",
          title: "发布时间",
          width: 132,
          cell: (line) => <Instant at={line.published_at ?? line.publish_at} />,
        },
        { key: "changed", title: "最近更新", width: 132, cell: (line) => <Instant at={line.changed_at} /> },
      ],
      filters: [
        { key: "state", label: "状态", kind: "one", options: optionsOf(textStates) },
        ...(ofUnit
          ? []
          : [
              {
                key: "unit",
                label: "单位",
                kind: "one" as const,
                options: (units ?? []).map(({ id, name }) => ({ value: id, label: name })),
              },
            ]),
        {
          key: "round",
          label: "轮次",
          kind: "one",
          options: (rounds ?? []).map(({ id, name }) => ({ value: id, label: name })),
        },
      ],
      href,
      empty: "还没有公开稿。整改报告审定后，点“生成通报”从台账生成。",
    };
  }, [office, below, ofUnit, units, rounds]);
}

function Make({ onClose }: { onClose: () => void }): ReactNode {
  const session = useSession();
  const { office } = session;
  const navigate = useNavigate();
  const { data: units } = useQuery(unitsQuery(session));
  const { data: rounds } = useQuery(roundsQuery(session));
  const [chosen, setChosen] = useState<{ unit?: string; round?: string }>({});
  const unit = chosen.unit ?? (units?.length === 1 ? units[0]?.id : undefined);
  const round = chosen.round ?? latestRound(rounds)?.id;
  const write = useWrite({
    run: (body: { unit: string; round: string }, key) =>
      answer(
        api.POST("/v1/offices/{office}/disclosures", {
          params: { path: { office } },
          headers: { "Idempotency-Key": key },
          body,
        }),
      ),
    refresh: [textsKey],
    onDone: (made) => {
      say(`已生成公开稿：${made.number}`);
      void navigate({ to: `/w/${office}/disclosures/${made.id}` as string });
    },
  });
  return (
    <Modal
      open
      title="生成通报"
      okText="生成通报"
      cancelText="暂不生成"
      confirmLoading={write.pending}
      {...untilComplete([unit === undefined && "被巡察单位", round === undefined && "轮次"])}
      onOk={() => unit && round && write.send({ unit, round })}
      onCancel={onClose}
    >
      <WriteProblem problem={write.problem} />
      <div className="x-text-form">
        <label htmlFor="unit">
          被巡察单位
          <Select
            id="unit"
            disabled={!units}
            loading={!units}
            showSearch={{ optionFilterProp: "label" }}
            value={unit}
            placeholder="选择单位"
            options={units?.map(({ id, name }) => ({ value: id, label: name }))}
            onChange={(value) => setChosen({ ...chosen, unit: value })}
          />
        </label>
        <label htmlFor="round">
          轮次
          <Select
            id="round"
            disabled={!rounds}
            loading={!rounds}
            value={round}
            placeholder="选择轮次"
            options={rounds?.map(({ id, name }) => ({ value: id, label: name }))}
            onChange={(value) => setChosen({ ...chosen, round: value })}
          />
        </label>
      </div>
      <p className="x-hint">问题、措施、进展、时间和各项数字均取自整改台账，不需要重新录入。</p>
    </Modal>
  );
}
