import type { ReactNode } from "react";
import { Count } from "@/parts";
import type { Line, Trend } from "./data";
import { changeOf, changeOfRate, shareOf } from "./rates";

/** The five numbers, each with its change since the end of last month; a number leads to where it comes from. */
export function Strip({ line, trend }: { line: Line; trend: Trend | undefined }): ReactNode {
  const { problems, closed, overdue } = line.counts;
  const before = trend?.before.missing === false ? trend.before : undefined;
  const was = before?.counts;
  const figures = [
    ["问题", <Count key="n" n={problems} />, was && changeOf(problems, was.problems)],
    ["已销号", <Count key="n" n={closed} />, was && changeOf(closed, was.closed)],
    ["逾期", <Count key="n" n={overdue} />, was && changeOf(overdue, was.overdue)],
    ["销号率", shareOf(line.closed_rate), before && changeOfRate(line.closed_rate, before.closed_rate)],
    ["按期率", shareOf(line.on_time_rate), before && changeOfRate(line.on_time_rate, before.on_time_rate)],
  ] as const;
  return (
    <dl className="x-figures">
      {figures.map(([name, value, change]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd className={`x-number${name === "逾期" && overdue > 0 ? " x-standing-danger" : ""}`}>
            <a href="#heat">{value}</a>
          </dd>
          <dd className="x-figures-change x-number">{change ? `较上月末 ${change}` : ""}</dd>
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
