import { NO_DATA } from "@/words/dates";
import { formatShare } from "@/words/numbers";
import type { Definition, Line, Overview, Rate, Verdict } from "./data";

/** Tenths of a percent as people read them: 820 is 「82.0」. */
export function percent(tenths: number): string {
  return `${Math.trunc(tenths / 10)}.${tenths % 10}`;
}

/** 「50/61 · 82.0%」; a fraction alone below ten; nothing where nothing was due. */
export function shareOf(rate: Rate): string {
  return rate.den === 0 ? NO_DATA : formatShare(rate.num, rate.den);
}

/** 「70.5–89.6」, or nothing for few cases. */
export function intervalOf(rate: Rate): string {
  return rate.low === null || rate.high === null ? "" : `${percent(rate.low)}–${percent(rate.high)}`;
}

/** What a number has changed by: 「+41」, 「-3」, 「持平」. */
export function changeOf(now: number, before: number): string {
  return now === before ? "持平" : `${now > before ? "+" : "-"}${Math.abs(now - before)}`;
}

/** What a rate has changed by: 「+8.7 个百分点」; nothing where one of the two has too few cases. */
export function changeOfRate(now: Rate, before: Rate): string {
  if (now.tenths === null || before.tenths === null) return "";
  const { tenths } = now;
  if (tenths === before.tenths) return "持平";
  return `${tenths > before.tenths ? "+" : "-"}${percent(Math.abs(tenths - before.tenths))} 个百分点`;
}

const bands: Readonly<Record<Line["on_time_band"], string>> = {
  higher: "高于",
  even: "无明显差别",
  lower: "低于",
  none: "样本量小，不比较",
};

/** A reference by its name, which is part of every verdict: 「靖原市平均 91.1%」. */
export function referenceOf({ whose, rate: { tenths, num, den } }: Verdict): string {
  return `${whose}平均 ${tenths === null ? `${num}/${den}` : `${percent(tenths)}%`}`;
}

/** What the interval says against a reference: 「低于靖原市平均 91.1%」. */
export function verdictOf(verdict: Verdict): string {
  const word = bands[verdict.band];
  if (verdict.band === "none") return word;
  return verdict.band === "even" ? `与${referenceOf(verdict)} ${word}` : `${word}${referenceOf(verdict)}`;
}

/** 「尚未汇总（最后更新 2026-11-18）」. */
export function missingText({ updated_on }: Pick<Line, "updated_on">): string {
  return updated_on === null ? "尚未汇总" : `尚未汇总（最后更新 ${updated_on}）`;
}

/** Sorted by rate, intervals of neighbours overlap: whether any two do. */
export function overlapping(lines: readonly Line[]): boolean {
  const ends = lines.flatMap(({ on_time_rate: { low, high } }) =>
    low === null || high === null ? [] : [{ low, high }],
  );
  ends.sort((a, b) => a.low - b.low);
  return ends.some((each, i) => i > 0 && (ends[i - 1]?.high ?? 0) >= each.low);
}

/** By which formula the closing rate was counted (销号率的口径). */
export function closingText({ definitions }: { definitions: readonly Definition[] }): string {
  return definitions.find(({ figure }) => figure === "closed_rate")?.text ?? "";
}

/** The paragraph that offices put into letters. */
export function paragraph(overview: Overview): string {
  const { counts, units, offices, closed_rate, on_time_rate, stopped } = overview.total;
  const rate = (name: string, { num, den, tenths }: Rate) =>
    `${name}${tenths === null ? `${num}/${den}` : `${percent(tenths)}%（${num}/${den}）`}`;
  return (
    `${overview.top.name}所辖 ${offices} 个县区、${units} 个被巡察单位共反馈问题 ${counts.problems} 个，` +
    `其中未启动 ${counts.open} 个、整改中 ${counts.working} 个、待审核 ${counts.submitted} 个、` +
    `退回重报 ${counts.returned} 个、长期整改 ${counts.long_term} 个、已销号 ${counts.closed} 个，` +
    `逾期 ${counts.overdue} 个；${rate("销号率", closed_rate)}，${rate("按期率", on_time_rate)}。` +
    `${stopped.items > 0 ? `经批准停止计时 ${stopped.items} 件，累计 ${stopped.days} 天。` : ""}` +
    `口径：${closingText(overview)}`
  );
}
