// The ways out of a list (UX 2.3): a workbook that the service writes, marks and puts into the journal.

import { problemOf } from "@/api/problem";
import type { Ask, ExportAction } from "./spec";

/** The columns a workbook has: those on screen, all, or the form for reporting upward. */
export type Form = "shown" | "all" | "report";

/** What openapi-fetch gives for a workbook asked for with `parseAs: "blob"`. */
type Sent = Promise<{ data?: unknown; error?: unknown; response: Response }>;

/** Exports as Excel, for a list whose operation takes `form` and `columns`. `report` is the note of 上报格式, where there is one. */
export function excelExports(
  send: (ask: Ask, form: Form, columns: string[]) => Sent,
  report?: string,
): readonly ExportAction[] {
  const action = (form: Form, label: string, note: string): ExportAction => ({
    key: form,
    label,
    note,
    columns: form === "shown",
    run: (ask, columns) => saveFile(send(ask, form, form === "shown" ? [...columns] : [])),
  });
  return [
    action("shown", "Excel（当前列）", "可筛选、可汇总，适合分析。"),
    action("all", "Excel（全部列）", "含未显示的列，适合分析。"),
    ...(report === undefined ? [] : [action("report", "Excel（上报格式）", report)]),
  ];
}

/** Saves a file that the service sends, asked for with `parseAs: "blob"`, under the service's name for it. */
export async function saveFile(sent: Sent): Promise<void> {
  const { data, error, response } = await sent;
  if (!response.ok) throw problemOf(response, await parsed(error));
  keep(data as Blob, fileName(response.headers.get("content-disposition")));
}

// A refused request answers JSON, which a client that expects a file gives as it came.
async function parsed(error: unknown): Promise<unknown> {
  if (error instanceof Blob) return JSON.parse(await error.text());
  if (typeof error !== "string") return error;
  try {
    return JSON.parse(error);
  } catch {
    return null;
  }
}

/** The name in a `Content-Disposition` of the form `filename*=utf-8''…`. */
export function fileName(disposition: string | null): string {
  const encoded = /filename\*=utf-8''([^;]+)/i.exec(disposition ?? "")?.[1];
  try {
    return encoded === undefined ? "导出.xlsx" : decodeURIComponent(encoded);
  } catch {
    return "导出.xlsx";
  }
}

function keep(file: Blob, name: string): void {
  const url = URL.createObjectURL(file);
  const link = Object.assign(document.createElement("a"), { href: url, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** A table as text, cell by cell, ready for a spreadsheet: merged cells are told once, the rest stays empty. */
export function tableText(table: HTMLTableElement): string {
  const held = new Map<string, string[]>(); // what a merged cell leaves in the rows below it
  const lines: string[] = [];
  [...table.rows].forEach((row, r) => {
    if (row.matches(".x-section-row, .ant-table-measure-row, [aria-hidden=true]")) return;
    const cells: string[] = [];
    let c = 0;
    const skip = () => {
      while (held.has(`${r} ${c}`)) {
        cells.push(...(held.get(`${r} ${c}`) ?? []));
        c++;
      }
    };
    for (const cell of row.cells) {
      skip();
      const ticks = cell.matches(".ant-table-selection-column");
      for (let below = 1; below < cell.rowSpan; below++) held.set(`${r + below} ${c}`, ticks ? [] : [""]);
      if (!ticks) cells.push(cellText(cell));
      c++;
    }
    skip();
    lines.push(cells.join("\t").trimEnd());
  });
  return lines.join("\n");
}

// A line break or a tab inside a cell would begin another one.
function cellText(cell: HTMLTableCellElement): string {
  return (cell.textContent ?? "").replace(/[\s\u00a0]+/g, " ").trim();
}
