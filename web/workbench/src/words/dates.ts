import { dayOf, now, timeOf, today } from "./clock";

/** What a cell shows when there is no value (UX 2.3). */
export const NO_DATA = "--";

const weekdays = ["周日", "周一", "周二", "周三", "周四", "周五", "周六"];

function dayNumber(day: string): number {
  return Math.floor(Date.parse(`${day.slice(0, 10)}T00:00:00Z`) / 86_400_000);
}

/** Whole days from one day to another; negative when `to` is earlier. */
export function daysBetween(from: string, to: string): number {
  return dayNumber(to) - dayNumber(from);
}

/** `2026-10-15`, or `--`. */
export function formatDay(day: string | null | undefined): string {
  return day ? day.slice(0, 10) : NO_DATA;
}

/** `周四` of a day. */
export function weekday(day: string): string {
  return weekdays[(((dayNumber(day) + 4) % 7) + 7) % 7] as string;
}

/** `2026-03-02 ～ 2026-04-24`. */
export function formatRange(from: string | null | undefined, to: string | null | undefined): string {
  if (!from && !to) return NO_DATA;
  return `${formatDay(from)} ～ ${formatDay(to)}`;
}

/** A deadline as lists show it: `10-15（周四）` when less than 14 days away, otherwise `2026-10-15`. */
export function formatDeadline(day: string | null | undefined, from = today()): string {
  if (!day) return NO_DATA;
  const left = daysBetween(from, day);
  return left >= 0 && left < 14 ? `${day.slice(5, 10)}（${weekday(day)}）` : formatDay(day);
}

/** `2026年10月15日`, for documents and headings. */
export function formatDayLong(day: string | null | undefined): string {
  if (!day) return NO_DATA;
  const [year, month, date] = day.slice(0, 10).split("-").map(Number);
  return `${year}年${month}月${date}日`;
}

/** The 24-hour time of an instant in Shanghai, `14:30`. */
export function formatTime(instant: string | Date | null | undefined): string {
  if (!instant) return NO_DATA;
  return timeOf(new Date(instant));
}

/** `2026-10-15 14:30`. */
export function formatInstant(instant: string | Date | null | undefined): string {
  if (!instant) return NO_DATA;
  const date = new Date(instant);
  return `${dayOf(date)} ${formatTime(date)}`;
}

/** How long ago an instant was, in words for messages only: 「3 分钟前」. Lists show absolute times. */
export function formatAgo(instant: string | Date, at = now()): string {
  const minutes = Math.floor((at.getTime() - new Date(instant).getTime()) / 60_000);
  if (minutes < 1) return "刚刚";
  if (minutes < 60) return `${minutes} 分钟前`;
  if (minutes < 24 * 60) return `${Math.floor(minutes / 60)} 小时前`;
  const days = Math.floor(minutes / (24 * 60));
  return days < 30 ? `${days} 天前` : formatInstant(instant);
}

/** How a deadline stands today. The words come first; `tone` only repeats them in colour. */
export interface Standing {
  text: string;
  tone: "danger" | "warning" | "plain";
  /** Days to go; negative when overdue. */
  days: number;
}

/** 「逾期 36 天」「今天到期」「剩 6 天」. */
export function standing(due: string | null | undefined, from = today()): Standing | null {
  if (!due) return null;
  const days = daysBetween(from, due);
  if (days < 0) return { text: `逾期 ${-days} 天`, tone: "danger", days };
  if (days === 0) return { text: "今天到期", tone: "warning", days };
  return { text: `剩 ${days} 天`, tone: days <= 7 ? "warning" : "plain", days };
}
