import { describe, expect, it } from "vitest";
import { dayOf } from "./clock";
import {
  formatAgo,
  formatDay,
  formatDayLong,
  formatDeadline,
  formatInstant,
  formatRange,
  standing,
  weekday,
} from "./dates";
import {
  formatCount,
  formatPercent,
  formatShare,
  formatSize,
  formatWan,
  formatYuan,
  parseMoney,
  searchWords,
} from "./numbers";

describe("days", () => {
  it("names the weekday", () => {
    expect(weekday("2026-10-15")).toBe("周四");
    expect(weekday("2026-11-20")).toBe("周五");
    expect(weekday("1969-12-31")).toBe("周三");
  });
  it("shows a near deadline with its weekday and a far one whole", () => {
    expect(formatDeadline("2026-10-15", "2026-10-02")).toBe("10-15（周四）");
    expect(formatDeadline("2026-10-16", "2026-10-02")).toBe("2026-10-16");
    expect(formatDeadline("2026-10-15", "2026-10-16")).toBe("2026-10-15");
    expect(formatDeadline(null)).toBe("--");
  });
  it("says how a deadline stands, words first", () => {
    expect(standing("2026-10-15", "2026-11-20")).toEqual({ text: "逾期 36 天", tone: "danger", days: -36 });
    expect(standing("2026-11-20", "2026-11-20")).toMatchObject({ text: "今天到期", tone: "warning" });
    expect(standing("2026-11-27", "2026-11-20")).toMatchObject({ text: "剩 7 天", tone: "warning" });
    expect(standing("2026-11-28", "2026-11-20")).toMatchObject({ tone: "plain" });
    expect(standing(undefined)).toBeNull();
  });
  it("takes the day of an instant in Shanghai", () => {
    expect(dayOf(new Date("2026-11-19T16:00:00Z"))).toBe("2026-11-20");
    expect(formatInstant("2026-11-20T02:05:00Z")).toBe("2026-11-20 10:05");
  });
  it("writes ranges, long days and gaps", () => {
    expect(formatRange("2026-03-02", "2026-04-24")).toBe("2026-03-02 ～ 2026-04-24");
    expect(formatRange(null, null)).toBe("--");
    expect(formatDay("")).toBe("--");
    expect(formatDayLong("2026-09-01")).toBe("2026年9月1日");
  });
  it("tells how long ago", () => {
    const at = new Date("2026-11-20T10:00:00+08:00");
    expect(formatAgo("2026-11-20T09:58:00+08:00", at)).toBe("2 分钟前");
    expect(formatAgo("2026-11-20T10:00:30+08:00", at)).toBe("刚刚");
    expect(formatAgo("2026-11-19T10:00:00+08:00", at)).toBe("1 天前");
  });
});

describe("numbers", () => {
  it("separates thousands from 10,000 on", () => {
    expect([0, 9999, 10000, 1234567, -12345].map(formatCount)).toEqual(["0", "9999", "10,000", "1,234,567", "-12,345"]);
    expect(formatCount(null)).toBe("--");
  });
  it("writes fen as 元 and 万元 without floats", () => {
    expect(formatYuan(12_840_000)).toBe("128,400.00");
    expect(formatYuan(5)).toBe("0.05");
    expect(formatYuan(-1_234_56)).toBe("-1,234.56");
    expect(formatWan(86_500_000)).toBe("86.50 万元");
    expect(formatWan(undefined)).toBe("--");
  });
  it.each([
    ["124000", 12_400_000],
    ["1,234.5", 123_450],
    ["12.4 万元", 12_400_000],
    ["８６．５万", 86_500_000],
    ["￥3.00元", 300],
    ["1.234", null],
    ["约3万", null],
    ["", null],
  ])("reads the amount %s", (typed, fen) => {
    expect(parseMoney(typed)).toBe(fen);
  });
  it("shows n beside every percentage and never rounds to all", () => {
    expect(formatShare(50, 61)).toBe("50/61 · 82.0%");
    expect(formatShare(3, 9)).toBe("3/9");
    expect(formatPercent(9999, 10000)).toBe("99.9%");
    expect(formatPercent(1, 100000)).toBe("0.1%");
    expect(formatPercent(5, 5)).toBe("100.0%");
    expect(formatPercent(0, 0)).toBe("--");
  });
  it("sizes files", () => {
    expect([512, 831_488, 3_565_158].map(formatSize)).toEqual(["512 B", "812 KB", "3.4 MB"]);
  });
  it("normalises what is typed into search", () => {
    expect(searchWords("　ＱＹ－06　 水务局 ")).toBe("QY-06 水务局");
    expect(searchWords("〔２０２６〕18号（补）")).toBe("〔2026〕18号（补）");
  });
});
