import { Button } from "antd";
import { type ReactNode, useState } from "react";
import { Count, formatInstant, Panel, useNarrow } from "@/parts";
import type { Trend } from "./data";

const size = { width: 960, height: 280, left: 56, right: 130, top: 24, bottom: 32 };

/** Whether the offices catch up: what was fed back and what was closed, both added up; the backlog is the distance. */
export function BacklogPanel({ trend }: { trend: Trend }): ReactNode {
  const [asTable, setAsTable] = useState(useNarrow()); // on a phone its type is too small to read
  if (trend.months.length === 0) return null;
  return (
    <Panel
      title="反馈累计与销号累计"
      extra={
        <Button size="small" className="x-no-print" onClick={() => setAsTable(!asTable)}>
          {asTable ? "看图" : "看表格"}
        </Button>
      }
    >
      {asTable ? <MonthTable trend={trend} /> : <Lines trend={trend} />}
      <p className="x-hint">每月终了时的累计数，最后一个月截至 {formatInstant(trend.as_of)}；两线之间为未销号</p>
    </Panel>
  );
}

function Lines({ trend: { months } }: { trend: Trend }): ReactNode {
  const most = Math.max(1, ...months.map(({ problems }) => problems));
  const step = (size.width - size.left - size.right) / Math.max(1, months.length - 1);
  const x = (i: number) => size.left + i * step;
  const y = (n: number) => size.height - size.bottom - (n / most) * (size.height - size.top - size.bottom);
  const path = (of: (month: (typeof months)[number]) => number) =>
    months.map((month, i) => `${x(i)},${y(of(month))}`).join(" ");
  const back = months.map((_, i) => months.length - 1 - i).map((i) => `${x(i)},${y(months[i]?.closed ?? 0)}`);
  const last = months[months.length - 1];
  return (
    <figure className="x-dots x-backlog">
      <svg viewBox={`0 0 ${size.width} ${size.height}`} role="img" aria-labelledby="backlog-title">
        <title id="backlog-title">{`反馈累计 ${last?.problems} 个，销号累计 ${last?.closed} 个，每月的数见表格`}</title>
        <line className="x-dots-grid" x1={size.left} x2={x(months.length - 1)} y1={y(0)} y2={y(0)} />
        <polygon className="x-backlog-gap" points={`${path(({ problems }) => problems)} ${back.join(" ")}`} />
        <polyline className="x-backlog-problems" points={path(({ problems }) => problems)} />
        <polyline className="x-backlog-closed" points={path(({ closed }) => closed)} />
        {months.map(({ month, problems, closed }, i) => (
          <g key={month}>
            <circle className="x-backlog-dot" cx={x(i)} cy={y(problems)} r={3} />
            <circle className="x-backlog-dot" cx={x(i)} cy={y(closed)} r={3} />
            <text className="x-dots-tick" x={x(i)} y={y(problems) - 8}>
              {problems}
            </text>
            {closed < problems && closed > 0 && (
              <text className="x-dots-tick" x={x(i)} y={y(closed) + 18}>
                {closed}
              </text>
            )}
            <text className="x-dots-tick" x={x(i)} y={size.height - 8}>
              {month}
            </text>
          </g>
        ))}
        {last && (
          <>
            <text x={x(months.length - 1) + 20} y={y(last.problems) + 5}>
              反馈累计
            </text>
            <text x={x(months.length - 1) + 20} y={Math.max(y(last.closed) + 5, y(last.problems) + 25)}>
              销号累计
            </text>
          </>
        )}
      </svg>
    </figure>
  );
}

function MonthTable({ trend }: { trend: Trend }): ReactNode {
  return (
    <div className="x-counts-scroll">
      <table className="x-counts">
        <caption className="x-hidden">反馈累计与销号累计</caption>
        <thead>
          <tr>
            {["月份", "反馈累计", "销号累计", "未销号"].map((title) => (
              <th key={title} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {trend.months.map(({ month, problems, closed }) => (
            <tr key={month}>
              <th scope="row" className="x-number">
                {month}
              </th>
              {[problems, closed, problems - closed].map((n, i) => (
                <td key={["problems", "closed", "open"][i]}>
                  <Count n={n} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
