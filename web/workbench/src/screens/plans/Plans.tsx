import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Button, Modal, Select } from "antd";
import { type ReactNode, useMemo, useState } from "react";
import {
  answer,
  api,
  type ListSpec,
  ListView,
  optionsOf,
  Page,
  StatusTag,
  say,
  untilComplete,
  useRole,
  useSession,
  useWrite,
  WriteProblem,
} from "@/parts";
import { Reviewed, SignedBy } from "../papers/cells";
import { latestRound, roundsQuery } from "../rectification/data";
import { type Line, listPlans, plansKey } from "./data";
import { planStates } from "./words";

/** 整改方案: of each unit and round, the editions with both signatures. */
export default function Plans(): ReactNode {
  const ofUnit = useRole("UNIT", "HEAD");
  const [making, setMaking] = useState(false);
  const spec = useSpec(ofUnit);
  return (
    <Page
      title="整改方案"
      width="list"
      note="措施取自整改台账；主要负责人和分管领导双签字后送审，生效后修订另立新版"
      actions={
        ofUnit && (
          <Button type="primary" onClick={() => setMaking(true)}>
            编制整改方案
          </Button>
        )
      }
    >
      <ListView spec={spec} />
      {making && <Make onClose={() => setMaking(false)} />}
    </Page>
  );
}

function useSpec(ofUnit: boolean): ListSpec<Line> {
  const { office, below } = useSession();
  const rounds = useQuery(roundsQuery({ office, below })).data;
  return useMemo<ListSpec<Line>>(() => {
    const href = (line: Line) => `/w/${office}/plans/${line.id}${below ? `?below=${below}` : ""}`;
    return {
      screen: "rectification.plans",
      caption: "整改方案",
      unit: "份方案",
      queryKey: [...plansKey, office, below, "list"],
      load: (ask, signal) => listPlans({ office, below }, ask, signal),
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
        { key: "edition", title: "版次", width: 64, align: "right", cell: (line) => `第${line.edition}版` },
        {
          key: "state",
          title: "状态",
          width: 136,
          cell: (line) => <StatusTag words={planStates} state={line.state} />,
        },
        {
          key: "head",
          title: "主要负责人签字",
          width: 172,
          cell: (line) => <SignedBy name={line.head} at={line.head_at} />,
        },
        {
          key: "leader",
          title: "分管领导签字",
          width: 172,
          cell: (line) => <SignedBy name={line.leader} at={line.leader_at} />,
        },
        {
          key: "review",
          title: "审核",
          width: 152,
          cell: (line) => <Reviewed of={line} />,
        },
      ],
      filters: [
        { key: "state", label: "状态", kind: "many", options: optionsOf(planStates) },
        {
          key: "round",
          label: "轮次",
          kind: "one",
          options: (rounds ?? []).map(({ id, name }) => ({ value: id, label: name })),
        },
      ],
      search: ofUnit ? undefined : "搜索单位",
      href,
      empty: ofUnit
        ? "还没有整改方案。收到反馈后，点“编制整改方案”开始。"
        : "还没有整改方案。单位收到反馈后编制，签字后在这里审核。",
    };
  }, [office, below, ofUnit, rounds]);
}

function Make({ onClose }: { onClose: () => void }): ReactNode {
  const session = useSession();
  const { office } = session;
  const navigate = useNavigate();
  const { data: rounds } = useQuery(roundsQuery(session));
  const [chosen, setChosen] = useState<string>();
  const round = chosen ?? latestRound(rounds)?.id;
  const write = useWrite({
    run: (id: string, key) =>
      answer(
        api.POST("/v1/offices/{office}/plans", {
          params: { path: { office } },
          headers: { "Idempotency-Key": key },
          body: { round: id },
        }),
      ),
    refresh: [plansKey, ["tasks"]],
    onDone: (made) => {
      say(`已开始编制：第${made.edition}版`);
      void navigate({ to: `/w/${office}/plans/${made.id}` as string });
    },
  });
  return (
    <Modal
      open
      title="编制整改方案"
      okText="开始编制"
      cancelText="暂不编制"
      confirmLoading={write.pending}
      {...untilComplete([round === undefined && "轮次"])}
      onOk={() => round && write.send(round)}
      onCancel={onClose}
    >
      <WriteProblem problem={write.problem} />
      <div className="x-form-column">
        <label htmlFor="plan-round">
          轮次
          <Select
            id="plan-round"
            disabled={!rounds}
            loading={!rounds}
            value={round}
            placeholder="选择轮次"
            options={rounds?.map(({ id, name }) => ({ value: id, label: name }))}
            onChange={setChosen}
          />
        </label>
      </div>
      <p className="x-hint">问题和措施取自整改台账，不需要重新录入。已有生效方案的，以其内容为基础修订。</p>
    </Modal>
  );
}
