import { Button } from "antd";
import { type ReactNode, useState } from "react";
import { chartColours } from "@/design/tokens";
import { Count, Panel, rectificationStates, useSession } from "@/parts";
import { ledgerHref } from "../rectification/addresses";
import { placeHref } from "./CountTable";
import type { OpenLine, Trend } from "./data";
import { type Box, squarified } from "./squarified";

const whole: Box = { x: 0, y: 0, width: 960, height: 400 };
const head = 22; // of a group, for its name
const reachable = 24; // the least side of what is a link (WCAG 2.5.8)
const open = Object.keys(rectificationStates).filter((state) => state !== "closed");

/** Where the open problems sit: area is their number, first by place, then by the four focuses; or the same as a table. */
export function TreemapPanel({ trend }: { trend: Trend }): ReactNode {
  const [asTable, setAsTable] = useState(false);
  const sum = trend.open.reduce((n, line) => n + line.n, 0);
  return (
    <Panel
      title={`未销号问题分布（${sum} 个）`}
      extra={
        <Button size="small" className="x-no-print" onClick={() => setAsTable(!asTable)}>
          {asTable ? "看图" : "看表格"}
        </Button>
      }
    >
      {asTable ? <OpenTable trend={trend} /> : <Treemap trend={trend} />}
      <p className="x-hint">
        面积为未销号问题数，先按地区、再按四个聚焦分；不含本级巡察
        {trend.open.some((line) => line.missing) &&
          `；${trend.open
            .filter((line) => line.missing)
            .map(({ name }) => name)
            .join("、")} 尚未汇总，不在图中`}
      </p>
    </Panel>
  );
}

function useHref(): (line: OpenLine, focus?: number) => string {
  const { office } = useSession();
  return (line, focus) => {
    if (line.below) return placeHref(office, line);
    return ledgerHref(office, line.slug, {
      state: open.join(","),
      ...(focus !== undefined && { focus: String(focus) }),
    });
  };
}

function Treemap({ trend }: { trend: Trend }): ReactNode {
  const lines = trend.open.filter(({ n }) => n > 0).sort((a, b) => b.n - a.n);
  const boxes = squarified(
    lines.map(({ n }) => n),
    whole,
  );
  return (
    <figure className="x-dots x-treemap">
      <svg viewBox={`0 0 ${whole.width} ${whole.height}`} role="group" aria-labelledby="treemap-title">
        <title id="treemap-title">未销号问题分布，面积为问题数</title>
        {lines.map((line, i) => {
          const box = boxes[i];
          return box && <Group key={line.slug} line={line} box={box} focuses={trend.focuses} />;
        })}
      </svg>
    </figure>
  );
}

function Group({ line, box, focuses }: { line: OpenLine; box: Box; focuses: readonly string[] }): ReactNode {
  const href = useHref();
  const parts = line.by_focus
    .map((n, i) => ({ n, focus: i + 1, name: focuses[i] ?? "", fill: chartColours.sequential[i] ?? "" }))
    .filter(({ n }) => n > 0)
    .sort((a, b) => b.n - a.n);
  const inner = { x: box.x, y: box.y + head, width: box.width, height: Math.max(0, box.height - head) };
  const boxes = squarified(
    parts.map(({ n }) => n),
    inner,
  );
  return (
    <g>
      <a href={href(line)} aria-label={`${line.name} 未销号 ${line.n} 个`}>
        <rect className="x-treemap-head" x={box.x} y={box.y} width={box.width} height={Math.min(head, box.height)} />
      </a>
      <text x={box.x + 6} y={box.y + 16} className="x-treemap-name" aria-hidden>
        {fitting(`${line.name} ${line.n}`, box.width)}
      </text>
      {parts.map(({ n, focus, name, fill }, i) => {
        const part = boxes[i];
        if (part === undefined) return null;
        const shape = (
          <rect className="x-treemap-part" fill={fill} {...part}>
            <title>{`${line.name} ${name} ${n} 个`}</title>
          </rect>
        );
        return (
          <g key={focus}>
            {Math.min(part.width, part.height) < reachable ? (
              shape
            ) : (
              <a href={href(line, focus)} aria-label={`${line.name} ${name} ${n} 个`}>
                {shape}
              </a>
            )}
            <text x={part.x + 6} y={part.y + 18} aria-hidden>
              {part.height >= 20 && fitting(name, part.width)}
            </text>
            <text x={part.x + 6} y={part.y + 36} className="x-number" aria-hidden>
              {part.height >= 38 && part.width >= 30 && n}
            </text>
          </g>
        );
      })}
    </g>
  );
}

// As much of a text as fits: a Chinese character is as wide as the type is large.
function fitting(text: string, width: number): string {
  const most = Math.floor((width - 10) / 13);
  return text.length <= most ? text : most < 3 ? "" : `${text.slice(0, most - 1)}…`;
}

function OpenTable({ trend }: { trend: Trend }): ReactNode {
  const href = useHref();
  return (
    <div className="x-counts-scroll">
      <table className="x-counts">
        <caption className="x-hidden">未销号问题分布</caption>
        <thead>
          <tr>
            <th scope="col">地区</th>
            {trend.focuses.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
            <th scope="col">合计</th>
          </tr>
        </thead>
        <tbody>
          {trend.open.map((line) => (
            <tr key={line.slug} className={line.missing ? "x-missing" : undefined}>
              <th scope="row">{line.name}</th>
              {line.missing ? (
                <td colSpan={trend.focuses.length + 1}>尚未汇总</td>
              ) : (
                [...line.by_focus, line.n].map((n, i) => (
                  <td key={trend.focuses[i] ?? "sum"}>
                    {n > 0 ? (
                      <a href={href(line, i < trend.focuses.length ? i + 1 : undefined)}>
                        <Count n={n} />
                      </a>
                    ) : (
                      <Count n={n} />
                    )}
                  </td>
                ))
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
