import { Button, Modal } from "antd";
import { type ReactNode, useState } from "react";
import { formatCount } from "@/words/numbers";
import { Notice } from "../show";
import { sayProblem } from "../toast";
import { type BulkOutcome, outcomeSentence } from "./bulk";
import { headsOf } from "./columns";
import type { Selection } from "./Rows";
import type { BulkAction } from "./spec";
import type { List } from "./useList";

/** The most rows that 「选择全部」 takes; more is work for a filter. */
const ALL_LIMIT = 1000;

/** What can be done to the selected rows, and what became of it. */
export function BulkBar<T>({
  list,
  selection,
  select,
}: {
  list: List<T>;
  selection: Selection<T>;
  select: (next: Selection<T>) => void;
}): ReactNode {
  const { spec, total } = list;
  const unit = spec.unit ?? "条";
  const [asking, setAsking] = useState<BulkAction<T> | null>(null);
  const [running, setRunning] = useState<string | null>(null);
  const [outcome, setOutcome] = useState<BulkOutcome | null>(null);

  const run = async (action: BulkAction<T>) => {
    setAsking(null);
    const rows = [...selection.values()];
    setRunning(`${action.label}：0/${rows.length}`);
    try {
      const result = await action.run(rows, (done) => setRunning(`${action.label}：${done}/${rows.length}`));
      setOutcome(result);
      const left = new Set(result.failed.map((each) => each.key));
      select(new Map([...selection].filter(([key]) => left.has(key))));
      await list.answer.refetch();
    } catch (thrown) {
      sayProblem(thrown);
    } finally {
      setRunning(null);
    }
  };
  const selectAll = async () => {
    setRunning("正在选择…");
    try {
      select(await everyRow(list));
    } catch (thrown) {
      sayProblem(thrown);
    } finally {
      setRunning(null);
    }
  };
  if (selection.size === 0 && outcome === null) return null;
  return (
    <div className="x-bulk x-wide-only x-no-print">
      <div className="x-bulk-line" role="status" hidden={selection.size === 0}>
        <span className="x-number">
          已选 {formatCount(selection.size)} {unit}
        </span>
        {total !== undefined && total > selection.size && total <= ALL_LIMIT && (
          <button type="button" className="x-plain-button" disabled={running !== null} onClick={() => void selectAll()}>
            选择全部 {formatCount(total)} {unit}
          </button>
        )}
        <button type="button" className="x-plain-button" onClick={() => select(new Map())}>
          取消选择
        </button>
        {(spec.bulk ?? []).map((action) => (
          <Button
            key={action.key}
            disabled={running !== null}
            onClick={() => (action.confirm ? setAsking(action) : void run(action))}
          >
            {action.label}
          </Button>
        ))}
        {running && <span className="x-number">{running}</span>}
      </div>
      {outcome && (
        <Notice
          tone={outcome.failed.length > 0 ? "warning" : "success"}
          actions={
            <button type="button" className="x-plain-button" onClick={() => setOutcome(null)}>
              知道了
            </button>
          }
        >
          {outcomeSentence(outcome, unit)}
        </Notice>
      )}
      {asking && (
        <Modal
          open
          title={asking.label}
          okText={asking.label}
          cancelText={`暂不${asking.label}`}
          onOk={() => void run(asking)}
          onCancel={() => setAsking(null)}
        >
          {asking.confirm?.(selection.size)}
        </Modal>
      )}
    </div>
  );
}

async function everyRow<T>(list: List<T>): Promise<Selection<T>> {
  const { spec, ask } = list;
  const all = new Map<string, T>();
  let cursor = "";
  do {
    const page = await spec.load({ ...ask, limit: 100, cursor }, new AbortController().signal);
    for (const row of headsOf(page.items ?? [], spec.rowKey)) all.set(spec.rowKey(row), row);
    cursor = page.next ?? "";
  } while (cursor !== "" && all.size < ALL_LIMIT);
  return all;
}
