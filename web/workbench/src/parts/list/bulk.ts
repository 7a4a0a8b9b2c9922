import { asProblem } from "@/api/problem";

/** What became of a bulk action. */
export interface BulkOutcome {
  done: number;
  /** Rows left as they were, each with the reason. They stay selected. */
  failed: readonly { key: string; name: string; reason: string }[];
}

/** Does one thing to each row in turn; a row that is refused does not stop the others. */
export async function eachRow<T>(
  rows: readonly T[],
  naming: { key: (row: T) => string; name: (row: T) => string },
  act: (row: T) => Promise<unknown>,
  progress: (done: number) => void,
): Promise<BulkOutcome> {
  const failed: { key: string; name: string; reason: string }[] = [];
  for (const [i, row] of rows.entries()) {
    try {
      await act(row);
    } catch (thrown) {
      failed.push({
        key: naming.key(row),
        name: naming.name(row),
        reason: asProblem(thrown).message.replace(/。$/, ""),
      });
    }
    progress(i + 1);
  }
  return { done: rows.length - failed.length, failed };
}

/** 「成功 11 条，未处理 1 条：SD-05-01-009 已超出可延期次数」 */
export function outcomeSentence(outcome: BulkOutcome, unit = "条"): string {
  if (outcome.failed.length === 0) return `成功 ${outcome.done} ${unit}`;
  const shown = outcome.failed.slice(0, 3).map((each) => `${each.name} ${each.reason}`);
  const more = outcome.failed.length > 3 ? "等" : "";
  return `成功 ${outcome.done} ${unit}，未处理 ${outcome.failed.length} ${unit}：${shown.join("；")}${more}`;
}
