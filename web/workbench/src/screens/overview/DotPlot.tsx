import type { ReactNode } from "react";
import { placeHref } from "./CountTable";
import type { Line, Overview } from "./data";
import { intervalOf, missingText, percent, referenceOf, shareOf, verdictOf } from "./rates";

const rowHeight = 30;
const top = 26;
const width = 960;
const right = 290;

/**
 * Each county's on-time rate as a dot with its interval, against one of the references, which every verdict names.
 * Drawn in SVG; the table above has the same numbers.
 */
export function DotPlot({
  overview,
  lines,
  office,
  reference,
}: {
  overview: Overview;
  lines: readonly Line[];
  office: string;
  /** Which of the overview's references. */
  reference: number;
}): ReactNode {
  const left = Math.max(120, ...lines.map(({ name }) => 13 * name.length + 24)); // a character is as wide as the type
  const shown = lines.filter((line) => !line.missing);
  const lows = shown.flatMap(({ on_time_rate: { low } }) => (low === null ? [] : [low]));
  const rates = shown.flatMap(({ against }) => against[reference]?.rate.tenths ?? []);
  const from = Math.floor(Math.min(900, ...lows, ...rates) / 100) * 100;
  const x = (tenths: number) => left + ((tenths - from) / (1000 - from)) * (width - left - right);
  const height = top + lines.length * rowHeight + 24;
  const ticks = Array.from({ length: (1000 - from) / 100 + 1 }, (_, i) => from + i * 100);
  const names = [...new Set(shown.flatMap(({ against }) => inFull(against[reference])))];
  return (
    <figure className="x-dots">
      <svg viewBox={`0 0 ${width} ${height}`} role="group" aria-labelledby="dots-title">
        <title id="dots-title">
          各县区按期率与 {overview.interval}% 区间，参照为{names.join("、")}
        </title>
        {ticks.map((tick) => (
          <g key={tick}>
            <line className="x-dots-grid" x1={x(tick)} x2={x(tick)} y1={top} y2={height - 24} />
            <text className="x-dots-tick" x={x(tick)} y={height - 8}>
              {tick / 10}%
            </text>
          </g>
        ))}
        {lines.map((line, i) => (
          <Dot
            key={line.slug}
            line={line}
            reference={reference}
            left={left}
            y={top + i * rowHeight + rowHeight / 2}
            x={x}
            href={placeHref(office, line)}
          />
        ))}
        {names.length === 1 && (
          <text className="x-dots-tick" x={x(rates[0] ?? from)} y={top - 10}>
            {names[0]}
          </text>
        )}
      </svg>
      <figcaption className="x-hint">
        横线为 {overview.interval}% 区间，虚线为参照（{names.join("、")}）；换一个参照，结论可能不同
      </figcaption>
    </figure>
  );
}

// A reference with how many offices it adds up: 「靖原市 3 个县区平均 91.1%」.
function inFull(verdict: Line["against"][number] | undefined): string[] {
  return verdict === undefined ? [] : [referenceOf(verdict).replace("平均", ` ${verdict.offices} 个县区平均`)];
}

function Dot({
  line,
  reference,
  left,
  y,
  x,
  href,
}: {
  line: Line;
  reference: number;
  left: number;
  y: number;
  x: (tenths: number) => number;
  href: string;
}): ReactNode {
  const { low, high, tenths } = line.on_time_rate;
  const against = line.against[reference];
  const at = against?.rate.tenths ?? null;
  const rate = tenths === null ? shareOf(line.on_time_rate) : `${percent(tenths)}%`;
  const verdict = line.missing || against === undefined ? missingText(line) : `${rate} ${verdictOf(against)}`;
  const range = intervalOf(line.on_time_rate);
  return (
    <a href={href} aria-label={`${line.name} ${verdict}${range && `，区间 ${range}`}`}>
      <rect className="x-dots-row" x={0} y={y - rowHeight / 2} width={width} height={rowHeight} />
      <text className="x-dots-name" x={left - 12} y={y + 5}>
        {line.name}
      </text>
      {at !== null && (
        <line className="x-dots-reference" x1={x(at)} x2={x(at)} y1={y - rowHeight / 2} y2={y + rowHeight / 2} />
      )}
      {low !== null && high !== null && tenths !== null && (
        <>
          <line className="x-dots-range" x1={x(low)} x2={x(high)} y1={y} y2={y} />
          <circle className={`x-dots-dot x-dots-${against?.band ?? "none"}`} cx={x(tenths)} cy={y} r={6} />
        </>
      )}
      <text className="x-dots-verdict" x={width - right + 20} y={y + 5}>
        {verdict}
      </text>
    </a>
  );
}
