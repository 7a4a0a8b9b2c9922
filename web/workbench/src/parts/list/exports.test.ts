// @vitest-environment jsdom

import { describe, expect, it } from "vitest";
import { excelExports, fileName, tableText } from "./exports";

describe("a workbook", () => {
  it("is kept under the name the service gives", () => {
    expect(fileName("attachment; filename*=utf-8''%E5%8F%B0%E8%B4%A6.xlsx")).toBe("台账.xlsx");
    expect(fileName("attachment; filename*=utf-8''%E5%8F")).toBe("导出.xlsx");
    expect(fileName(null)).toBe("导出.xlsx");
  });
  it("that is refused says why", async () => {
    const body = JSON.stringify({ type: "/problems/narrow-filter", detail: "请缩小筛选范围后分次导出。" });
    const [shown] = excelExports(async () => ({
      error: body,
      response: new Response(null, { status: 422 }),
    }));
    const ask = { q: "", filters: {}, sort: "", limit: 20, cursor: "", tab: "" };
    await expect(shown?.run(ask, ["number"])).rejects.toMatchObject({
      status: 422,
      code: "narrow-filter",
      message: "请缩小筛选范围后分次导出。",
    });
  });
  it("asks for the columns on screen only where it takes them", async () => {
    const asked: unknown[] = [];
    const actions = excelExports(async (_, form, columns) => {
      asked.push([form, columns]);
      return { error: "", response: new Response(null, { status: 500 }) };
    }, "上报");
    const ask = { q: "", filters: {}, sort: "", limit: 20, cursor: "", tab: "" };
    for (const action of actions) await action.run(ask, ["number"]).catch(() => null);
    expect(asked).toEqual([
      ["shown", ["number"]],
      ["all", []],
      ["report", []],
    ]);
    expect(excelExports(async () => ({ response: new Response() }))).toHaveLength(2);
  });
});

describe("a table as text", () => {
  it("tells merged cells once and keeps every column in its place", () => {
    document.body.innerHTML = `<table>
      <thead><tr><th class="ant-table-selection-column">全选</th><th>编号</th><th>措施</th><th>单位</th></tr></thead>
      <tbody>
        <tr class="ant-table-measure-row"><td>x</td></tr>
        <tr><td class="ant-table-selection-column" rowspan="2">✓</td><td rowspan="2">QY-1</td><td>一\n 二</td><td rowspan="2">甲</td></tr>
        <tr><td>三</td></tr>
        <tr><td class="ant-table-selection-column">✓</td><td>QY-2</td><td>四</td><td></td></tr>
      </tbody></table>`;
    expect(tableText(document.querySelector("table") as HTMLTableElement)).toBe(
      ["编号\t措施\t单位", "QY-1\t一 二\t甲", "\t三", "QY-2\t四"].join("\n"),
    );
  });
});
