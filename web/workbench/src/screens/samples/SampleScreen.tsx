import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { type ReactNode, useMemo } from "react";
import {
  Day,
  Empty,
  Facts,
  formatRange,
  Instant,
  type ListSpec,
  ListView,
  NO_DATA,
  NumberCell,
  optionsOf,
  Page,
  Panel,
  ProblemNotice,
  StatusTag,
  useSession,
} from "@/parts";
import {
  itemHref,
  progressOf,
  type Sample,
  type SampleItem,
  sampleQuery,
  sampleStates,
  samplesKey,
  sampleWhys,
} from "./data";
import { SampleCard } from "./SampleCard";

/** One sample: what was drawn from what, and what became of each item. */
export default function SampleScreen(): ReactNode {
  const { id } = useParams({ strict: false }) as { id: string };
  const { office } = useSession();
  const { data: sample, error, refetch } = useQuery(sampleQuery(office, id));
  return (
    <Page
      title={sample?.name ?? "销号抽查"}
      crumb={sample?.name}
      width="list"
      note={sample && `${sample.issuer}抽取，${progressOf(sample.counts)}`}
    >
      {error && <ProblemNotice problem={error} retry={() => void refetch()} />}
      {sample && (
        <>
          <ItemList sample={sample} />
          <Panel>
            <details>
              <summary>抽取依据和核对方法</summary>
              <Facts
                facts={[
                  ["销号日期", formatRange(sample.closed_from, sample.closed_to)],
                  ["抽签比例", `${sample.share}%`],
                  ["抽取", <Taken key="taken" sample={sample} />],
                  [
                    "种子",
                    <span key="seed" className="x-code">
                      {sample.seed}
                    </span>,
                  ],
                  [
                    "核对方法",
                    "对每个编号计算「种子:编号」的 SHA-256，值最小的若干项被抽中；存疑和逾期销号的不参加抽签，全部抽取。",
                    "wide",
                  ],
                  ...sample.parts.map(
                    (part) =>
                      [
                        `${part.name}参加抽签`,
                        <span key={part.office} className="x-hint">
                          {part.lots} 项：{part.pool.join("、")}
                        </span>,
                        "wide",
                      ] as const,
                  ),
                ]}
              />
            </details>
          </Panel>
        </>
      )}
    </Page>
  );
}

function Taken({ sample }: { sample: Sample }): ReactNode {
  return (
    <>
      {sample.drawn_by} <Instant at={sample.drawn_at} />
    </>
  );
}

function ItemList({ sample }: { sample: Sample }): ReactNode {
  const { office } = useSession();
  const spec = useMemo<ListSpec<SampleItem>>(
    () => ({
      screen: "samples.items",
      caption: sample.name,
      unit: "项",
      queryKey: [...samplesKey, office, "items", sample],
      load: async ({ filters }) => {
        const items = sample.items.filter(
          (item) =>
            (!filters.state || filters.state.includes(item.state)) &&
            (!filters.why || filters.why.includes(item.why)) &&
            (!filters.office || filters.office.includes(item.office)),
        );
        return { items, next: "", total: items.length };
      },
      rowKey: ({ id }) => id,
      rowName: ({ number }) => number,
      columns: [
        {
          key: "number",
          title: "编号",
          width: 128,
          pinned: true,
          card: "title",
          cell: (item) => <NumberCell number={item.number} href={itemHref(office, item)} />,
        },
        {
          key: "state",
          title: "状态",
          width: 108,
          cell: ({ state }) => <StatusTag words={sampleStates} state={state} />,
        },
        { key: "office", title: "被抽查单位", width: 96, cell: ({ office_name }) => office_name },
        { key: "unit", title: "责任单位", width: 160, cell: ({ unit_name }) => unit_name },
        { key: "why", title: "抽取原因", width: 88, cell: ({ why }) => sampleWhys[why] },
        { key: "closed", title: "销号日期", width: 100, cell: ({ closed_on }) => <Day day={closed_on} /> },
        {
          key: "looked",
          title: "查阅",
          width: 200,
          cell: ({ looked_at, looked_by, purpose }) => (looked_at ? `${looked_by}：${purpose}` : NO_DATA),
        },
        { key: "fact", title: "核查情况", width: 260, cell: ({ fact }) => fact || NO_DATA },
        { key: "due", title: "重新整改期限", width: 112, cell: ({ due_on }) => <Day day={due_on} /> },
      ],
      filters: [
        { key: "state", label: "状态", kind: "many", options: optionsOf(sampleStates) },
        {
          key: "office",
          label: "被抽查单位",
          kind: "one",
          options: sample.parts.map(({ office: value, name: label }) => ({ value, label })),
        },
        {
          key: "why",
          label: "抽取原因",
          kind: "one",
          options: Object.entries(sampleWhys).map(([value, label]) => ({ value, label })),
        },
      ],
      drawer: (key) => {
        const item = sample.items.find(({ id }) => id === key);
        return item ? <SampleCard item={item} /> : <Empty>没有这一项。</Empty>;
      },
      drawerTitle: (_, row) => row && `${row.number} ${row.unit_name}`,
      empty: "没有抽取的事项。",
    }),
    [office, sample],
  );
  return <ListView spec={spec} />;
}
