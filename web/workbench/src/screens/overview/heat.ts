// The heat table's nine measures: which way each is to be worried about, how dark a value is, which rows it opens.

import { NO_DATA } from "@/words/dates";
import type { Counts, Line, Rate } from "./data";
import { shareOf } from "./rates";

/** One measure of the heat table. */
export interface Measure {
  key: string;
  name: string;
  /** How to read the shade: what it gets darker with. */
  reads: string;
  /** The figure of the definitions (口径). */
  figure: string;
  /** Null where there is nothing to compare. */
  value: (line: Line) => number | null;
  text: (line: Line) => string;
  /** The question to the ledger whose answer are the rows; without one, the office's units stand for them. */
  ask?: Readonly<Record<string, string>>;
  /** Less is what to worry about. */
  fewer?: boolean;
}

function count(
  key: keyof Counts,
  name: string,
  figure: string,
  ask: Readonly<Record<string, string>>,
  reads = "↑ 越多越需关注",
): Measure {
  const value = (line: Line) => line.counts[key];
  return { key, name, reads, figure, value, text: (line) => String(value(line)), ask };
}

function rate(
  key: "closed_rate" | "on_time_rate",
  name: string,
  ask: Readonly<Record<string, string>> | undefined,
): Measure {
  const of = (line: Line): Rate => line[key];
  return {
    key,
    name,
    reads: "↓ 越低越需关注",
    figure: key,
    value: (line) => of(line).tenths,
    text: (line) => (of(line).den === 0 ? NO_DATA : shareOf(of(line))),
    ask,
    fewer: true,
  };
}

/** The nine measures in their order. */
export const measures: readonly Measure[] = [
  count("problems", "问题", "problems", {}, "↑ 越多颜色越深"),
  rate("closed_rate", "销号率", { state: "closed" }),
  rate("on_time_rate", "按期率", undefined),
  count("overdue", "逾期", "overdue", { due: "overdue" }),
  count("overdue_30", "逾期≥30天", "overdue_30", { due: "overdue-30" }),
  count("open", "未启动", "states", { state: "open" }),
  count("returned", "退回重报", "states", { state: "returned" }),
  count("long_term", "长期整改", "states", { state: "long-term" }),
  count("doubt", "存疑待核", "doubt", { flag: "doubt" }),
];

/** How dark a line is in each measure, from 0 to 5: none of it to the most of these lines; undefined without a value. */
export function shades(measure: Measure, lines: readonly Line[]): (number | undefined)[] {
  const values = lines.map((line) => (line.missing ? null : measure.value(line)));
  const known = values.filter((value) => value !== null);
  const [best, worst] = measure.fewer ? [1000, Math.min(...known)] : [0, Math.max(...known)];
  return values.map((value) => {
    if (value === null) return undefined;
    return best === worst ? 0 : Math.round((5 * Math.abs(value - best)) / Math.abs(worst - best));
  });
}
