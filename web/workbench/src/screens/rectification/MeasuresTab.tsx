import { useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import { type ReactNode, useEffect, useState } from "react";
import {
  answer,
  api,
  asProblem,
  type BlockColumn,
  blockOf,
  Deadline,
  Empty,
  Lines,
  NO_DATA,
  Panel,
  PasteBlock,
  parseDay,
  rectificationKinds,
  StatusTag,
  say,
  sentence,
  useSession,
} from "@/parts";
import { type ItemPage, itemsKey, type Measure } from "./data";
import { MeasureDialog } from "./MeasureDialog";

/** What a pasted row of measures may hold, in the order of a unit's own ledger. */
const pasted: readonly BlockColumn[] = [
  { key: "text", title: "整改措施", check: (value) => (value === "" ? "请填写整改措施" : undefined) },
  { key: "leader", title: "责任领导" },
  { key: "department", title: "责任科室" },
  {
    key: "due_on",
    title: "完成时限",
    check: (value) => (value === "" || parseDay(value) ? undefined : "请写成 2026-10-15，长期坚持的留空"),
    clean: (value) => parseDay(value) ?? "",
  },
  { key: "progress", title: "整改进展" },
];

/** 措施与任务: who does what by when, and how far it is. A block copied from Excel can be pasted here. */
export function MeasuresTab({ item }: { item: ItemPage }): ReactNode {
  const { office } = useSession();
  const queries = useQueryClient();
  const edits = item.allowed.includes("edit");
  const assigns = item.allowed.includes("assign");
  const [editing, setEditing] = useState<Measure | "new" | null>(null);
  const [block, setBlock] = useState<string[][] | null>(null);
  usePaste(edits && editing === null && block === null, setBlock);

  // A row that the service refuses stays in the preview with the reason; the others are added.
  const addAll = async (rows: { index: number; values: Record<string, string> }[]) => {
    const refused = new Map<number, string>();
    for (const { index, values } of rows) {
      const body = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ""));
      await answer(
        api.POST("/v1/offices/{office}/items/{id}/measures", { params: { path: { office, id: item.id } }, body }),
      ).catch((thrown: unknown) => refused.set(index, sentence(asProblem(thrown))));
    }
    if (rows.length > refused.size) say(`已新增 ${rows.length - refused.size} 项措施`);
    await queries.invalidateQueries({ queryKey: itemsKey });
    return refused;
  };
  return (
    <Panel
      extra={
        edits && (
          <div className="x-row-actions">
            <span className="x-hint">可从 Excel 复制多行，在本页直接粘贴</span>
            <Button onClick={() => setEditing("new")}>新增措施</Button>
          </div>
        )
      }
    >
      {item.measures.length === 0 ? (
        <Empty>还没有整改措施。{edits && "点击「新增措施」，或从 Excel 复制后在本页粘贴。"}</Empty>
      ) : (
        <MeasureTable item={item} onEdit={edits || assigns ? setEditing : undefined} />
      )}
      {editing && <MeasureDialog item={item} measure={editing} onClose={() => setEditing(null)} />}
      {block && <PasteBlock block={block} columns={pasted} onSave={addAll} onClose={() => setBlock(null)} />}
    </Panel>
  );
}

function MeasureTable({ item, onEdit }: { item: ItemPage; onEdit?: (measure: Measure) => void }): ReactNode {
  const filesOf = (id: string) => item.files.filter((file) => file.measure === id && !file.replaced).length;
  return (
    <div className="x-scroll">
      <table className="x-table">
        <thead>
          <tr>
            <th scope="col">项</th>
            <th scope="col">整改措施</th>
            <th scope="col">责任领导</th>
            <th scope="col">责任科室</th>
            <th scope="col">协作单位</th>
            <th scope="col">期限</th>
            <th scope="col">进展</th>
            <th scope="col">佐证</th>
            {onEdit && <th scope="col">办理</th>}
          </tr>
        </thead>
        <tbody>
          {item.measures.map((measure) => (
            <tr key={measure.id}>
              <th scope="row" className="x-number">
                {measure.seq}
              </th>
              <td>
                <Lines text={measure.text} />
                <div className="x-hint">
                  <StatusTag words={rectificationKinds} state={measure.kind} />
                  {measure.rules && `，制度：${measure.rules}`}
                </div>
              </td>
              <td>{[measure.leader, measure.person].filter(Boolean).join("／") || NO_DATA}</td>
              <td>{measure.department || NO_DATA}</td>
              <td>{measure.helpers || NO_DATA}</td>
              <td>
                <Deadline due={measure.due_on} />
              </td>
              <td>
                {measure.done && <strong>已完成 </strong>}
                <Lines text={measure.progress} />
              </td>
              <td className="x-number">{filesOf(measure.id)}</td>
              {onEdit && (
                <td>
                  <button type="button" className="x-plain-button" onClick={() => onEdit(measure)}>
                    填报<span className="x-hidden">第 {measure.seq} 项</span>
                  </button>
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

// A block pasted anywhere on the page but in a field; one cell is ordinary text and stays the browser's.
function usePaste(on: boolean, take: (block: string[][]) => void): void {
  useEffect(() => {
    if (!on) return;
    const paste = (event: ClipboardEvent) => {
      if ((event.target as HTMLElement | null)?.closest("input, textarea")) return;
      const block = blockOf(event);
      if (block === null) return;
      event.preventDefault();
      take(block);
    };
    document.addEventListener("paste", paste);
    return () => document.removeEventListener("paste", paste);
  }, [on, take]);
}
