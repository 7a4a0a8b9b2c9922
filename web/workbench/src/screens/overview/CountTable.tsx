import type { ReactNode } from "react";
import { Count, rectificationStates, Tag } from "@/parts";
import { ledgerHref } from "../rectification/addresses";
import type { Counts, Line, Rate } from "./data";
import { intervalOf, missingText, percent, shareOf } from "./rates";

const states = [
  ["open", "open"],
  ["working", "working"],
  ["submitted", "submitted"],
  ["returned", "returned"],
  ["long_term", "long-term"],
  ["closed", "closed"],
] as const satisfies readonly (readonly [keyof Counts, keyof typeof rectificationStates])[];

/** The address of an office's own page below: the offices under it, or its units. */
export function placeHref(office: string, place: { slug: string; level: string }): string {
  if (place.level === "county") return unitsHref(office, place.slug);
  return `/w/${office}/overview${place.slug === office ? "" : `?below=${place.slug}`}`;
}

/** Offices against what they are asked about. Every figure leads to its rows where one office has them. */
export function CountTable({
  caption,
  lines,
  total,
  office,
  own,
}: {
  caption: string;
  lines: readonly Line[];
  total?: Line;
  office: string;
  /** The lines are offices' own cases, not those below them. */
  own?: boolean;
}): ReactNode {
  return (
    <div className="x-counts-scroll">
      <table className="x-counts">
        <caption className="x-hidden">{caption}</caption>
        <thead>
          <tr>
            <th scope="col">地区</th>
            {["单位", "问题", ...states.map(([, state]) => rectificationStates[state].text), "逾期", "按期/应销"].map(
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
          {lines.map((line) => (
            <Row key={`${line.slug} ${line.below}`} line={line} office={office} own={own} />
          ))}
        </tbody>
        {total && (
          <tfoot>
            <tr>
              <th scope="row">合计（{total.offices} 个县区）</th>
              <Figures line={total} />
            </tr>
          </tfoot>
        )}
      </table>
    </div>
  );
}

function Row({ line, office, own }: { line: Line; office: string; own?: boolean }): ReactNode {
  const name = line.below ? `${line.name}（${line.offices} 个县区）` : own ? `${line.name}本级` : line.name;
  const to = own ? unitsHref(office, line.slug) : placeHref(office, line);
  if (line.missing) {
    return (
      <tr className="x-missing">
        <th scope="row">{name}</th>
        <td colSpan={11}>{missingText(line)}</td>
      </tr>
    );
  }
  return (
    <tr>
      <th scope="row">
        <a href={to}>{name}</a> {line.silent > 0 && <Tag tone="warning">{line.silent} 个尚未汇总</Tag>}
      </th>
      <Figures line={line} href={line.below ? undefined : (ask) => ledgerHref(office, line.slug, ask)} />
    </tr>
  );
}

/** The units of an office, the own one or one below. */
export function unitsHref(office: string, slug: string): string {
  return `/w/${office}/unit-overview${slug === office ? "" : `?below=${slug}`}`;
}

function Figures({ line, href }: { line: Line; href?: (ask?: Readonly<Record<string, string>>) => string }): ReactNode {
  const { counts } = line;
  return (
    <>
      <td>
        <Count n={line.units} />
      </td>
      <CountCells counts={counts} href={href} />
      <RateCell rate={line.closed_rate} />
      <RateCell rate={line.on_time_rate} interval />
    </>
  );
}

/** The counts of one line; those that one list shows are links to it. */
export function CountCells({
  counts,
  href,
}: {
  counts: Counts;
  href?: (ask?: Readonly<Record<string, string>>) => string;
}): ReactNode {
  const cell = (n: number, ask?: Readonly<Record<string, string>>) =>
    href && n > 0 ? (
      <a href={href(ask)}>
        <Count n={n} />
      </a>
    ) : (
      <Count n={n} />
    );
  return (
    <>
      <td>{cell(counts.problems)}</td>
      {states.map(([key, state]) => (
        <td key={key}>{cell(counts[key], { state })}</td>
      ))}
      <td className={counts.overdue > 0 ? "x-late" : undefined}>{cell(counts.overdue, { due: "overdue" })}</td>
      <td className="x-number">
        {counts.on_time}/{counts.due}
      </td>
    </>
  );
}

/** A share with its counts and, where cases are compared, its interval. */
export function RateCell({ rate, interval }: { rate: Rate; interval?: boolean }): ReactNode {
  const range = interval ? intervalOf(rate) : "";
  return (
    <td className="x-number">
      {interval && rate.tenths !== null ? `${percent(rate.tenths)}%` : shareOf(rate)}
      {range && <small>（{range}）</small>}
    </td>
  );
}
