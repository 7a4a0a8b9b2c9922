import { useQuery } from "@tanstack/react-query";
import { Button, Select } from "antd";
import { type ReactNode, useState } from "react";
import {
  Count,
  copyText,
  formatInstant,
  Notice,
  Page,
  Panel,
  ProblemNotice,
  say,
  useDelayed,
  useSession,
} from "@/parts";
import { CountTable } from "./CountTable";
import { Definitions } from "./Definitions";
import { DotPlot } from "./DotPlot";
import { type Line, type Overview, overviewQuery } from "./data";
import { closingText, overlapping, paragraph, shareOf } from "./rates";
import { Stopped } from "./Stopped";
import { Way } from "./Way";
import "./overview.css";

/** 驾驶舱 (S23): how the offices below stand, with what every figure means and a way down to its rows. */
export default function OverviewScreen(): ReactNode {
  const { office, below } = useSession();
  const { data, error, isPending, refetch } = useQuery(overviewQuery({ office, below }));
  const waiting = useDelayed(isPending);
  return (
    <Page
      title={data ? `${data.top.name}整改情况` : "驾驶舱"}
      windowTitle="驾驶舱"
      note={data && `统计截至 ${formatInstant(data.as_of)}`}
      actions={
        data && (
          <>
            <Definitions all={data.definitions} />
            <Button onClick={() => void copyText(paragraph(data)).then(() => say("已复制文字"))}>复制文字</Button>
          </>
        )
      }
    >
      {error && <ProblemNotice problem={error} retry={() => void refetch()} />}
      {waiting && <p className="x-hint">正在加载…</p>}
      {data && <Body overview={data} />}
    </Page>
  );
}

function Body({ overview }: { overview: Overview }): ReactNode {
  const { office } = useSession();
  const [order, setOrder] = useState<"code" | "rate">("code");
  const byRate = (lines: readonly Line[]) =>
    order === "code" ? lines : [...lines].sort((a, b) => (b.on_time_rate.tenths ?? -1) - (a.on_time_rate.tenths ?? -1));
  const own = overview.own.filter((line) => !line.missing);
  return (
    <>
      <Way path={overview.path} />
      <Strip line={overview.total} />
      <p className="x-hint x-formula">口径：{closingText(overview)}</p>
      <Stopped lines={[...overview.leaves, ...overview.own]} />
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
      {overview.leaves.length > 0 && (
        <Panel title="按期率与区间">
          <DotPlot overview={overview} lines={byRate(overview.leaves)} office={office} />
        </Panel>
      )}
      {overview.rows.some((line) => line.below) && (
        <Panel title="各县区">
          <CountTable caption="各县区整改情况" lines={byRate(overview.leaves)} total={overview.total} office={office} />
        </Panel>
      )}
      {own.length > 0 && (
        <Panel title="本级巡察">
          <CountTable caption="本级巡察整改情况" lines={own} office={office} own />
        </Panel>
      )}
    </>
  );
}

function Strip({ line }: { line: Line }): ReactNode {
  const { problems, closed, overdue } = line.counts;
  const figures = [
    ["问题", <Count key="n" n={problems} />],
    ["已销号", <Count key="n" n={closed} />],
    ["逾期", <Count key="n" n={overdue} />],
    ["销号率", shareOf(line.closed_rate)],
    ["按期率", shareOf(line.on_time_rate)],
  ] as const;
  return (
    <dl className="x-figures">
      {figures.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd className={`x-number${name === "逾期" && overdue > 0 ? " x-standing-danger" : ""}`}>{value}</dd>
        </div>
      ))}
      {line.silent > 0 && (
        <div>
          <dt>尚未汇总</dt>
          <dd>
            {line.silent}/{line.offices} 个县区
          </dd>
        </div>
      )}
    </dl>
  );
}
