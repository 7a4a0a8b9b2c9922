import { useQueryClient } from "@tanstack/react-query";
import { Button, Checkbox, InputNumber, Select } from "antd";
import { type ReactNode, useState } from "react";
import { answer, api, ifMatch, Notice, Panel, say, useSession, useWrite, WriteProblem } from "@/parts";
import { columnWords, type Import, importQuery, importsKey, type Mapping, type Sheet } from "./data";

const notImported = "";
const units = ["元", "千元", "万元", "亿元"];

/** Which column was taken for what; correctable. Reading anew begins answers and choices anew, because rows may differ. */
export function Columns({ im, mustChoose }: { im: Import; mustChoose: boolean }): ReactNode {
  const { office } = useSession();
  const queries = useQueryClient();
  const [open, setOpen] = useState(mustChoose);
  const [mapping, setMapping] = useState<Mapping>(im.mapping);
  const changed = JSON.stringify(mapping) !== JSON.stringify(im.mapping);
  const read = im.reading.sheets.filter(
    (sheet) => sheet.read || mapping.sheets.some(({ name }) => name === sheet.name),
  );
  const unread = im.reading.sheets.filter((sheet) => !read.includes(sheet));
  const hidden = im.reading.sheets.some((sheet) => sheet.hidden || sheet.hidden_rows > 0 || sheet.hidden_columns > 0);

  const write = useWrite({
    run: (sent: { mapping: Mapping; version: number }) =>
      answer(
        api.PUT("/v1/offices/{office}/imports/{id}/mapping", {
          params: { path: { office, id: im.id } },
          headers: ifMatch(sent.version),
          body: sent.mapping,
        }),
      ),
    refresh: [importsKey],
    onDone: (made) => {
      queries.setQueryData(importQuery(office, im.id).queryKey, made);
      say("已按新的列重新读取");
    },
  });
  return (
    <Panel
      title="列的对应"
      extra={
        <Button type="link" aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? "收起" : `核对列（${summary(read)}）`}
        </Button>
      }
    >
      {!open && (
        <p className="x-hint">
          {read.map((sheet) => `${sheet.name}：${sheet.problems} 个问题、${sheet.measures} 条措施`).join("；")}
        </p>
      )}
      {open && (
        <>
          <WriteProblem problem={write.problem} onTheirs={(version) => write.send({ mapping, version })} />
          {read.map((sheet) => (
            <SheetColumns key={sheet.name} sheet={sheet} mapping={mapping} setMapping={setMapping} />
          ))}
          {unread.map((sheet) => (
            <p key={sheet.name} className="x-hint">
              <Checkbox
                checked={false}
                onChange={() =>
                  setMapping({ ...mapping, sheets: [...mapping.sheets, { name: sheet.name, columns: [] }] })
                }
              >
                读取工作表「{sheet.name}」
              </Checkbox>
              {sheet.why}
            </p>
          ))}
          {hidden && (
            <Checkbox
              checked={mapping.include_hidden ?? false}
              onChange={(event) => setMapping({ ...mapping, include_hidden: event.target.checked })}
            >
              也读取隐藏的行、列和工作表
            </Checkbox>
          )}
          {changed && (
            <Notice
              tone="warning"
              actions={
                <Button
                  type="primary"
                  loading={write.pending}
                  onClick={() => write.send({ mapping, version: im.version })}
                >
                  按新的列重新读取
                </Button>
              }
            >
              重新读取后，已填写的确认内容需要重新填写。
            </Notice>
          )}
        </>
      )}
    </Panel>
  );
}

function summary(sheets: readonly Sheet[]): string {
  const columns = sheets.flatMap((sheet) => sheet.columns);
  const known = columns.filter((column) => column.column && column.column !== "other").length;
  return `识别 ${known} 列，${columns.length - known} 列不导入`;
}

function SheetColumns({
  sheet,
  mapping,
  setMapping,
}: {
  sheet: Sheet;
  mapping: Mapping;
  setMapping: (mapping: Mapping) => void;
}): ReactNode {
  const mapped = mapping.sheets.find(({ name }) => name === sheet.name) ?? { name: sheet.name, columns: [] };
  const put = (change: Partial<typeof mapped>) => {
    const others = mapping.sheets.filter(({ name }) => name !== sheet.name);
    setMapping({ ...mapping, sheets: [...others, { ...mapped, ...change }] });
  };
  const letters = lettersOf(sheet);
  const meaning = (letter: string): string => {
    const said = mapped.columns.find((each) => each.letter === letter);
    if (said) return said.column;
    const found = sheet.columns.find((each) => each.letter === letter);
    const given = mapped.columns.some((each) => each.column === found?.column);
    return found?.column && found.column !== "other" && !given ? found.column : notImported;
  };
  const assign = (letter: string, column: string) => {
    const before = meaning(letter);
    const rest = mapped.columns.filter(
      (each) => each.letter !== letter && each.column !== column && each.column !== before,
    );
    if (column !== notImported) put({ columns: [...rest, { column, letter }] });
    else put({ columns: before === notImported ? rest : [...rest, { column: before, letter: "" }] });
  };
  return (
    <div className="x-scroll">
      <p className="x-import-sheet">
        <strong>{sheet.name}</strong>
        <label htmlFor={`from-${sheet.name}`}>
          表头从第
          <InputNumber
            id={`from-${sheet.name}`}
            min={1}
            size="small"
            value={mapped.header_from || sheet.header_from || null}
            onChange={(row) =>
              put({ header_from: row ?? 0, header_to: Math.max(row ?? 0, mapped.header_to ?? sheet.header_to ?? 0) })
            }
          />
          行到第
          <InputNumber
            aria-label="表头最后一行"
            min={1}
            size="small"
            value={mapped.header_to || sheet.header_to || null}
            onChange={(row) => put({ header_from: mapped.header_from || sheet.header_from || 1, header_to: row ?? 0 })}
          />
          行
        </label>
        <label htmlFor={`unit-${sheet.name}`}>
          金额单位
          <Select
            id={`unit-${sheet.name}`}
            size="small"
            allowClear
            placeholder="按表头"
            value={mapped.amount_unit || null}
            options={units.map((value) => ({ value, label: value }))}
            onChange={(unit) => put({ amount_unit: unit ?? undefined })}
          />
        </label>
      </p>
      <table className="x-table x-import-columns">
        <thead>
          <tr>
            <th scope="col">列</th>
            <th scope="col">表头</th>
            <th scope="col">作为</th>
          </tr>
        </thead>
        <tbody>
          {letters.map(({ letter, header }) => (
            <tr key={letter}>
              <th scope="row">{letter}</th>
              <td>{header || <span className="x-hint">（空）</span>}</td>
              <td>
                <Select
                  aria-label={`${letter} 列作为`}
                  value={meaning(letter)}
                  options={[
                    { value: notImported, label: "不导入" },
                    ...columnWords.map(([value, label]) => ({ value, label })),
                  ]}
                  onChange={(column) => assign(letter, column)}
                />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <Sample sheet={sheet} />
    </div>
  );
}

// Where no header was found there are only the first rows to choose by.
function lettersOf(sheet: Sheet): { letter: string; header: string }[] {
  if (sheet.columns.length > 0) return sheet.columns.map(({ letter, header }) => ({ letter, header }));
  const width = Math.max(0, ...(sheet.sample ?? []).map(({ cells }) => cells?.length ?? 0));
  return Array.from({ length: width }, (_, i) => ({
    letter: i < 26 ? String.fromCharCode(65 + i) : String.fromCharCode(64 + Math.floor(i / 26), 65 + (i % 26)),
    header: "",
  }));
}

function Sample({ sheet }: { sheet: Sheet }): ReactNode {
  if (!sheet.sample?.length) return null;
  return (
    <table className="x-table x-import-sample">
      <tbody>
        {sheet.sample.map(({ row, cells }) => (
          <tr key={row}>
            <th scope="row">{row}</th>
            {(cells ?? []).map((cell, i) => (
              <td key={`${row} ${String(i)}`}>{cell}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
