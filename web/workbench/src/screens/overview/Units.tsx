import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Empty, formatInstant, Page, Panel, ProblemNotice, rectificationStates, useDelayed, useSession } from "@/parts";
import { ledgerHref } from "../rectification/addresses";
import { CountCells, RateCell } from "./CountTable";
import { Definitions } from "./Definitions";
import { type UnitOverview, unitsQuery } from "./data";
import { closingText } from "./rates";
import { Stopped } from "./Stopped";
import { Way } from "./Way";
import "./overview.css";

/** How the units of one office stand; each leads to its rows. */
export default function Units(): ReactNode {
  const { office, below } = useSession();
  const { data, error, isPending, refetch } = useQuery(unitsQuery({ office, below }));
  const waiting = useDelayed(isPending);
  return (
    <Page
      title={data ? `${data.top.name}各单位整改情况` : "各单位整改情况"}
      note={data && `统计截至 ${formatInstant(data.as_of)}`}
      actions={data && <Definitions all={data.definitions} />}
    >
      {error && <ProblemNotice problem={error} retry={() => void refetch()} />}
      {waiting && <p className="x-hint">正在加载…</p>}
      {data && <Way path={data.path} />}
      {data?.items.length === 0 && <Empty>尚未汇总。反馈问题后，这里按单位列出整改情况。</Empty>}
      {data && data.items.length > 0 && (
        <Panel>
          <p className="x-hint">口径：{closingText(data)}</p>
          <Stopped lines={data.items} />
          <Table overview={data} office={office} slug={below ?? office} />
        </Panel>
      )}
    </Page>
  );
}

function Table({ overview, office, slug }: { overview: UnitOverview; office: string; slug: string }): ReactNode {
  return (
    <div className="x-counts-scroll">
      <table className="x-counts">
        <caption className="x-hidden">各单位整改情况</caption>
        <thead>
          <tr>
            <th scope="col">单位</th>
            {["问题", ...Object.values(rectificationStates).map(({ text }) => text), "逾期", "按期/应销"].map(
              (title) => (
                <th key={title} scope="col">
                  {title}
                </th>
              ),
            )}
            <th scope="col">销号率</th>
            <th scope="col">按期率（95%区间）</th>
          </tr>
        </thead>
        <tbody>
          {overview.items.map((unit) => {
            const href = (ask: Readonly<Record<string, string>> = {}) =>
              ledgerHref(office, slug, { unit: unit.id, ...ask });
            return (
              <tr key={unit.id}>
                <th scope="row">
                  <a href={href()}>{unit.name}</a>
                </th>
                <CountCells counts={unit.counts} href={href} />
                <RateCell rate={unit.closed_rate} />
                <RateCell rate={unit.on_time_rate} interval />
              </tr>
            );
          })}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">合计（{overview.items.length} 个单位）</th>
            <CountCells counts={overview.total.counts} href={(ask = {}) => ledgerHref(office, slug, ask)} />
            <RateCell rate={overview.total.closed_rate} />
            <RateCell rate={overview.total.on_time_rate} interval />
          </tr>
        </tfoot>
      </table>
    </div>
  );
}
