import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useMemo } from "react";
import {
  formatShare,
  Instant,
  type ListSpec,
  ListView,
  NO_DATA,
  NumberCell,
  optionsOf,
  Page,
  Panel,
  StatusTag,
  useSession,
} from "@/parts";
import { unitsQuery } from "../rectification/data";
import { DoubtCard } from "./DoubtCard";
import { type Doubt, doubtKinds, doubtStates, doubtsKey, listDoubts, precisionQuery } from "./data";

/** 存疑核查: signals with their reasons, never as verdicts, and how often each kind was right. */
export default function Doubts(): ReactNode {
  const { office, below } = useSession();
  const units = useQuery(unitsQuery({ office, below })).data;
  const spec = useMemo<ListSpec<Doubt>>(
    () => ({
      screen: "doubts",
      caption: "存疑核查",
      unit: "条",
      queryKey: [...doubtsKey, office, below, "list"],
      load: (ask, signal) => listDoubts({ office, below }, ask, signal),
      rowKey: ({ id }) => id,
      rowName: ({ number, word }) => `${number} ${word}`,
      columns: [
        {
          key: "number",
          title: "编号",
          width: 128,
          pinned: true,
          card: "title",
          cell: ({ number, item, office: of }) => (
            <NumberCell number={number} href={`/w/${office}/ledger/${item}${of === office ? "" : `?below=${of}`}`} />
          ),
        },
        { key: "unit", title: "单位", width: 144, cell: ({ unit_name }) => unit_name },
        { key: "kind", title: "信号", width: 96, cell: ({ word }) => word },
        { key: "reason", title: "理由", width: 320, cell: ({ reason }) => reason },
        {
          key: "state",
          title: "状态",
          width: 88,
          cell: ({ state }) => <StatusTag words={doubtStates} state={state} />,
        },
        { key: "answer", title: "单位说明", width: 200, cell: ({ answer }) => answer || NO_DATA },
        { key: "found", title: "发现时间", width: 116, cell: ({ found_at }) => <Instant at={found_at} /> },
      ],
      filters: [
        { key: "state", label: "状态", kind: "many", options: optionsOf(doubtStates) },
        { key: "kind", label: "信号", kind: "many", options: optionsOf(doubtKinds) },
        {
          key: "unit",
          label: "单位",
          kind: "one",
          options: (units ?? []).map(({ id, name }) => ({ value: id, label: name })),
        },
      ],
      drawer: (_, doubt) => doubt && <DoubtCard doubt={doubt} />,
      drawerTitle: (_, doubt) => doubt && `${doubt.number} ${doubt.word}`,
      empty: "没有存疑。事项提交或销号后会自动比对，结果列在这里。",
    }),
    [office, below, units],
  );
  return (
    <Page title="存疑核查" width="list" note="信号只提示需要再看一眼，不是结论；两人到现场核查、结论一致才作数">
      <Precision />
      <ListView spec={spec} />
    </Page>
  );
}

function Precision(): ReactNode {
  const { office, below } = useSession();
  const counted = useQuery(precisionQuery({ office, below })).data?.filter(
    ({ open, confirmed, cleared }) => open + confirmed + cleared > 0,
  );
  if (!counted || counted.length === 0) return null;
  return (
    <Panel title="各类信号的准确率">
      <div className="x-scroll">
        <table className="x-table x-doubt-precision">
          <thead>
            <tr>
              <th scope="col">信号</th>
              {counted.map(({ kind, word }) => (
                <th key={kind} scope="col">
                  {word}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            <tr>
              <th scope="row">属实 / 已核（准确率）</th>
              {counted.map(({ kind, confirmed, cleared }) => (
                <td key={kind} className="x-number">
                  {confirmed + cleared === 0 ? NO_DATA : formatShare(confirmed, confirmed + cleared)}
                </td>
              ))}
            </tr>
            <tr>
              <th scope="row">待核</th>
              {counted.map(({ kind, open }) => (
                <td key={kind} className="x-number">
                  {open}
                </td>
              ))}
            </tr>
          </tbody>
        </table>
      </div>
    </Panel>
  );
}
