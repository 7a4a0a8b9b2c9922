import { describe, expect, it } from "vitest";
import type { Line, Overview, Rate, Verdict } from "./data";
import { changeOf, changeOfRate, intervalOf, missingText, overlapping, paragraph, shareOf, verdictOf } from "./rates";

const rate = (num: number, den: number, tenths: number | null, low: number | null, high: number | null): Rate => ({
  num,
  den,
  tenths,
  low,
  high,
});

const counts = {
  problems: 468,
  open: 10,
  working: 88,
  submitted: 33,
  returned: 16,
  long_term: 25,
  closed: 296,
  overdue: 26,
  on_time: 276,
  due: 322,
  overdue_30: 4,
  doubt: 1,
};

const overview = {
  top: { slug: "lanhe", name: "澜河省", level: "province", code: "990000" },
  total: {
    offices: 6,
    units: 31,
    counts,
    closed_rate: rate(296, 468, 632, 588, 675),
    on_time_rate: rate(276, 322, 857, 815, 891),
    stopped: { items: 0, now: 0, days: 0 },
  },
  definitions: [{ figure: "closed_rate", name: "销号率", text: "销号率 = 已销号 ÷ 全部反馈问题。" }],
} as Overview;

describe("rates", () => {
  it("stand with their counts", () => {
    expect(shareOf(rate(50, 61, 820, 705, 896))).toBe("50/61 · 82.0%");
    expect(intervalOf(rate(50, 61, 820, 705, 896))).toBe("70.5–89.6");
  });

  it("are a fraction alone for few cases, and nothing for none", () => {
    expect(shareOf(rate(5, 6, null, null, null))).toBe("5/6");
    expect(intervalOf(rate(5, 6, null, null, null))).toBe("");
    expect(shareOf(rate(0, 0, null, null, null))).toBe("--");
  });

  it("say what they have changed by", () => {
    expect([changeOf(296, 255), changeOf(26, 29), changeOf(468, 468)]).toEqual(["+41", "-3", "持平"]);
    const now = rate(296, 468, 632, 588, 675);
    expect(changeOfRate(now, rate(255, 468, 545, 500, 590))).toBe("+8.7 个百分点");
    expect(changeOfRate(rate(1, 9, null, null, null), now)).toBe("");
  });

  it("name what they are compared with", () => {
    const against = (band: Verdict["band"]): Verdict => ({
      whose: "靖原市",
      offices: 3,
      rate: rate(173, 190, 911, 861, 943),
      band,
    });
    expect((["higher", "lower", "even", "none"] as const).map((band) => verdictOf(against(band)))).toEqual([
      "高于靖原市平均 91.1%",
      "低于靖原市平均 91.1%",
      "与靖原市平均 91.1% 无明显差别",
      "样本量小，不比较",
    ]);
  });

  it("are missing since some day, or always were", () => {
    expect(missingText({ updated_on: "2026-11-18" })).toBe("尚未汇总（最后更新 2026-11-18）");
    expect(missingText({ updated_on: null })).toBe("尚未汇总");
  });

  it("are not ranked where intervals overlap", () => {
    const line = (low: number, high: number) => ({ on_time_rate: rate(9, 10, 900, low, high) }) as Line;
    expect(overlapping([line(705, 896), line(804, 961)])).toBe(true);
    expect(overlapping([line(433, 705), line(804, 961)])).toBe(false);
  });

  it("make the sentence that goes into letters", () => {
    expect(paragraph(overview)).toBe(
      "澜河省所辖 6 个县区、31 个被巡察单位共反馈问题 468 个，其中未启动 10 个、整改中 88 个、待审核 33 个、" +
        "退回重报 16 个、长期整改 25 个、已销号 296 个，逾期 26 个；销号率63.2%（296/468），按期率85.7%（276/322）。" +
        "口径：销号率 = 已销号 ÷ 全部反馈问题。",
    );
    const stopped = { ...overview, total: { ...overview.total, stopped: { items: 2, now: 1, days: 22 } } };
    expect(paragraph(stopped)).toContain("（276/322）。经批准停止计时 2 件，累计 22 天。口径：");
  });
});
