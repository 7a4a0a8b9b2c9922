import { useQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { Button, Segmented, Select } from "antd";
import { type ReactNode, useEffect, useState } from "react";
import { project } from "@/app/look";
import {
  copyText,
  formatInstant,
  Notice,
  Page,
  Panel,
  ProblemNotice,
  say,
  TakeOut,
  useDelayed,
  useSession,
} from "@/parts";
import { AttentionPanel } from "./Attention";
import { BacklogPanel } from "./Backlog";
import { CountTable } from "./CountTable";
import { Definitions } from "./Definitions";
import { DotPlot } from "./DotPlot";
import { exportOverview, type Line, type Overview, overviewQuery, type Trend, trendQuery } from "./data";
import { HeatPanel } from "./HeatTable";
import { closingText, overlapping, paragraph } from "./rates";
import { Stopped } from "./Stopped";
import { Strip } from "./Strip";
import { TreemapPanel } from "./Treemap";
import { Way } from "./Way";
import "./overview.css";

/** 驾驶舱 (S23): how the offices below stand, with what every figure means and a way down to its rows. */
export default function OverviewScreen(): ReactNode {
  const { office, below } = useSession();
  const { data, error, isPending, refetch } = useQuery(overviewQuery({ office, below }));
  const trend = useQuery({ ...trendQuery({ office, below }), enabled: data !== undefined });
  const waiting = useDelayed(isPending);
  const projecting = useProjector();
  return (
    <Page
      title={data ? `${data.top.name}整改情况` : "驾驶舱"}
      windowTitle="驾驶舱"
      note={data && `统计截至 ${formatInstant(data.as_of)}`}
      actions={
        data && (
          <>
            <Definitions all={[...data.definitions, ...(trend.data?.definitions ?? [])]} />
            <Button
              href={`/w/${office}/overview?${new URLSearchParams({ ...(below && { below }), ...(!projecting && { projector: "1" }) })}`}
            >
              {projecting ? "退出投影" : "投影"}
            </Button>
            <TakeOut take={() => exportOverview({ office, below })} said="已导出整改情况，已记入日志">
              导出 Excel
            </TakeOut>
            <Button onClick={() => window.print()}>打印简报或存为 PDF</Button>
            <Button onClick={() => void copyText(paragraph(data)).then(() => say("已复制文字"))}>复制文字</Button>
          </>
        )
      }
    >
      {error && <ProblemNotice problem={error} retry={() => void refetch()} />}
      {waiting && <p className="x-hint">正在加载…</p>}
      {trend.error && <ProblemNotice problem={trend.error} retry={() => void trend.refetch()} />}
      {data && <Body overview={data} trend={trend.data} />}
    </Page>
  );
}

// Whether the address says that the page is on a wall (投影).
function useProjector(): boolean {
  const { projector } = useSearch({ strict: false }) as { projector?: string };
  const on = projector === "1";
  useEffect(() => {
    project(on);
    return () => project(false);
  }, [on]);
  return on;
}

function Body({ overview, trend }: { overview: Overview; trend: Trend | undefined }): ReactNode {
  const { office } = useSession();
  const [order, setOrder] = useState<"code" | "rate">("code");
  const [reference, setReference] = useState(0);
  const byRate = (lines: readonly Line[]) =>
    order === "code" ? lines : [...lines].sort((a, b) => (b.on_time_rate.tenths ?? -1) - (a.on_time_rate.tenths ?? -1));
  const own = overview.own.filter((line) => !line.missing);
  return (
    <div className="x-cockpit">
      <Way path={overview.path} />
      <p className="x-print-only x-brief-text">{paragraph(overview)}</p>
      <Strip line={overview.total} trend={trend} />
      <p className="x-hint x-formula">口径：{closingText(overview)}</p>
      <Stopped lines={[...overview.leaves, ...overview.own]} />
      <HeatPanel overview={overview} />
      <AttentionPanel overview={overview} />
      <div className="x-no-print x-block">
        <Panel
          title="所辖地区"
          extra={
            <Select
              aria-label="排序"
              value={order}
              onChange={setOrder}
              options={[
                { value: "code", label: "按行政区划排序" },
                { value: "rate", label: "按按期率排序" },
              ]}
            />
          }
        >
          {order === "rate" && overlapping(overview.leaves) && (
            <Notice tone="warning">样本量小，区间重叠的县之间不宜排名。</Notice>
          )}
          <CountTable caption="所辖地区整改情况" lines={byRate(overview.rows)} total={overview.total} office={office} />
        </Panel>
      </div>
      {overview.leaves.length > 0 && (
        <Panel
          title="按期率与区间"
          extra={
            overview.references.length > 1 && (
              <Segmented
                className="x-no-print"
                aria-label="参照"
                value={reference}
                onChange={setReference}
                options={overview.references.map((label, value) => ({ value, label }))}
              />
            )
          }
        >
          <DotPlot overview={overview} lines={byRate(overview.leaves)} office={office} reference={reference} />
        </Panel>
      )}
      {trend && trend.open.length > 0 && (
        <div className="x-no-print x-block">
          <TreemapPanel trend={trend} />
        </div>
      )}
      {trend && <BacklogPanel trend={trend} />}
      <div className="x-no-print x-block">
        {overview.rows.some((line) => line.below) && (
          <Panel title="各县区">
            <CountTable
              caption="各县区整改情况"
              lines={byRate(overview.leaves)}
              total={overview.total}
              office={office}
            />
          </Panel>
        )}
        {own.length > 0 && (
          <Panel title="本级巡察">
            <CountTable caption="本级巡察整改情况" lines={own} office={office} own />
          </Panel>
        )}
      </div>
    </div>
  );
}
