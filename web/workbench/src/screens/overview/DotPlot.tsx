import type { ReactNode } from "react";
import { placeHref } from "./CountTable";
import type { Line, Overview } from "./data";
import { bands, intervalOf, percent, referenceOf, shareOf } from "./rates";

const rowHeight = 30;
const top = 26;
const left = 120;
const width = 860;
const right = 190;

/** Each county's on-time rate as a dot with its interval, against a reference that is named. Drawn in SVG; the table above has the same numbers. */
export function DotPlot({
  overview,
  lines,
  office,
}: {
  overview: Overview;
  lines: readonly Line[];
  office: string;
}): ReactNode {
  const shown = lines.filter((line) => !line.missing);
  const lows = shown.flatMap(({ on_time_rate: { low } }) => (low === null ? [] : [low]));
  const from = Math.min(900, Math.floor(Math.min(900, ...lows) / 100) * 100);
  const x = (tenths: number) => left + ((tenths - from) / (1000 - from)) * (width - left - right);
  const height = top + lines.length * rowHeight + 24;
  const reference = overview.total.on_time_rate.tenths;
  const ticks = Array.from({ length: (1000 - from) / 100 + 1 }, (_, i) => from + i * 100);
  return (
    <figure className="x-dots">
      <svg viewBox={`0 0 ${width} ${height}`} role="group" aria-labelledby="dots-title">
        <title id="dots-title">
          各县区按期率与 {overview.interval}% 区间，参照为{referenceOf(overview)}
        </title>
        {ticks.map((tick) => (
          <g key={tick}>
            <line className="x-dots-grid" x1={x(tick)} x2={x(tick)} y1={top} y2={height - 24} />
            <text className="x-dots-tick" x={x(tick)} y={height - 8}>
              {tick / 10}%
            </text>
          </g>
        ))}
        {reference !== null && (
          <>
            <line className="x-dots-reference" x1={x(reference)} x2={x(reference)} y1={top - 6} y2={height - 24} />
            <text className="x-dots-tick" x={x(reference)} y={top - 10}>
              {referenceOf(overview)}
            </text>
          </>
        )}
        {lines.map((line, i) => (
          <Dot
            key={line.slug}
            line={line}
            y={top + i * rowHeight + rowHeight / 2}
            x={x}
            href={placeHref(office, line)}
          />
        ))}
      </svg>
      <figcaption className="x-hint">
        横线为 {overview.interval}% 区间；右侧为与参照（{referenceOf(overview)}）比较的结论，换一个参照，结论可能不同
      </figcaption>
    </figure>
  );
}

function Dot({ line, y, x, href }: { line: Line; y: number; x: (tenths: number) => number; href: string }): ReactNode {
  const { low, high, tenths } = line.on_time_rate;
  const verdict = line.missing ? "尚未汇总" : bands[line.on_time_band];
  const words =
    tenths === null
      ? `${line.name} ${shareOf(line.on_time_rate)} ${verdict}`
      : `${line.name} ${percent(tenths)}% ${verdict}，区间 ${intervalOf(line.on_time_rate)}`;
  return (
    <a href={href} aria-label={words}>
      <rect className="x-dots-row" x={0} y={y - rowHeight / 2} width={width} height={rowHeight} />
      <text className="x-dots-name" x={left - 12} y={y + 5}>
        {line.name}
      </text>
      {low !== null && high !== null && tenths !== null && (
        <>
          <line className="x-dots-range" x1={x(low)} x2={x(high)} y1={y} y2={y} />
          <circle className={`x-dots-dot x-dots-${line.on_time_band}`} cx={x(tenths)} cy={y} r={6} />
        </>
      )}
      <text className="x-dots-verdict" x={width - right + 16} y={y + 5}>
        {tenths === null ? shareOf(line.on_time_rate) : `${percent(tenths)}%`} {verdict}
      </text>
    </a>
  );
}
