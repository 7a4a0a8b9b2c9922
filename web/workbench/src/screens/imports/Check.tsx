import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Modal, Select } from "antd";
import { type ReactNode, useState } from "react";
import {
  answer,
  api,
  formatCount,
  ifMatch,
  Notice,
  Panel,
  say,
  sayProblem,
  useSession,
  useWrite,
  WriteProblem,
} from "@/parts";
import { focusesQuery } from "../rectification/data";
import { Columns } from "./Columns";
import { type Import, importQuery, importsKey, resultWords, skipWords } from "./data";
import { Question } from "./Question";
import { RowList } from "./RowList";
import { useCorrect } from "./useCorrect";

/** What was read, for a person to check: columns, categories, questions, every problem. Answers save themselves. */
export function Check({ im }: { im: Import }): ReactNode {
  const correct = useCorrect(im);
  const { totals, warnings, skipped, filled, columns } = im.reading;
  return (
    <>
      <Notice tone={im.open > 0 ? "warning" : "success"}>
        读到 {formatCount(totals.problems)} 个问题、{formatCount(totals.measures)} 条措施
        {im.open > 0 ? `，还有 ${formatCount(im.open)} 处需要填写或选择` : "，可以导入"}。
        {im.earlier && `这份文件 ${im.earlier} 导入过，内容相同的不会重复导入。`}
      </Notice>
      {correct.problem && <WriteProblem problem={correct.problem} />}
      {columns && (
        <Notice tone="danger" role="alert">
          {columns}
        </Notice>
      )}
      <Columns key={im.version} im={im} mustChoose={columns !== undefined && columns !== ""} />
      <Categories im={im} save={correct.save} />
      {im.questions.length > 0 && (
        <Panel title="不属于任何问题的行">
          {im.questions.map((asked) => (
            <Question key={asked.id} asked={asked} save={correct.save} />
          ))}
        </Panel>
      )}
      <RowList im={im} save={correct.save} />
      {(warnings.length > 0 || skipped.length > 0 || filled.length > 0) && (
        <Panel title="读取说明">
          <Remarks im={im} />
        </Panel>
      )}
      <Foot im={im} saving={correct.saving} />
    </>
  );
}

// A category that names none of the four focuses is put under one by a person.
function Categories({ im, save }: { im: Import; save: ReturnType<typeof useCorrect>["save"] }): ReactNode {
  const { office } = useSession();
  const focuses = useQuery(focusesQuery(office)).data ?? [];
  const unclear = im.categories.filter(({ focus }) => focus === 0);
  if (im.categories.length === 0) return null;
  return (
    <Panel
      title="类别归入四个聚焦"
      extra={unclear.length > 0 && <span className="x-standing-warning">{unclear.length} 类待归入</span>}
    >
      <ul className="x-import-categories">
        {im.categories.map(({ category, focus, problems }) => (
          <li key={category}>
            <span>
              {category || "（没有写类别）"} <span className="x-hint">{problems} 个问题</span>
            </span>
            <Select
              aria-label={`${category} 归入`}
              placeholder="请选择"
              status={focus === 0 ? "warning" : undefined}
              value={focus || null}
              options={focuses.map((each) => ({ value: each.focus, label: each.label }))}
              popupMatchSelectWidth={false}
              onChange={(chosen) => chosen && void save({ focuses: [{ category, focus: chosen }] })}
            />
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function Remarks({ im }: { im: Import }): ReactNode {
  const { warnings, skipped, filled } = im.reading;
  return (
    <ul className="x-import-remarks">
      {warnings.map((each) => (
        <li key={each.sheet + each.cell + each.code}>
          {each.cell && <span className="x-code">{each.cell} </span>}
          {each.detail}
        </li>
      ))}
      {filled.length > 0 && <li>{filled.length} 处合并单元格已向下填充，没有丢失行</li>}
      {skipped.map((each) => (
        <li key={`${each.sheet} ${each.row}`}>
          第 {each.row} 行未作为问题或措施：{skipWords[each.reason] ?? "非台账内容"}
          {each.text && <span className="x-hint">（{each.text.slice(0, 60)}）</span>}
        </li>
      ))}
    </ul>
  );
}

function Foot({ im, saving }: { im: Import; saving: boolean }): ReactNode {
  const { office } = useSession();
  const [leaving, setLeaving] = useState(false);
  const params = { path: { office, id: im.id } };
  const run = useWrite({
    run: (version: number, key) =>
      answer(
        api.POST("/v1/offices/{office}/imports/{id}/run", {
          params,
          headers: { ...ifMatch(version), "Idempotency-Key": key },
        }),
      ),
    refresh: [importsKey, ["tasks"]],
  });
  const planned = Object.entries(im.tally)
    .filter(([, n]) => n > 0)
    .map(([result, n]) => `${resultWords[result] ?? result} ${n}`)
    .join("，");
  return (
    <div className="x-import-foot">
      <WriteProblem problem={run.problem} onTheirs={(version) => run.send(version)} />
      <span className="x-hint" role="status">
        {saving ? "正在保存…" : im.open > 0 ? `还有 ${im.open} 处需要填写或选择` : `导入后：${planned}`}
      </span>
      {im.allowed.includes("discard") && <Button onClick={() => setLeaving(true)}>放弃导入</Button>}
      <Button
        type="primary"
        disabled={im.open > 0 || saving || im.total === 0 || !im.allowed.includes("run")}
        loading={run.pending}
        onClick={() => run.send(im.version)}
      >
        导入 {formatCount(im.total)} 个问题
      </Button>
      {leaving && <Discard im={im} onClose={() => setLeaving(false)} />}
    </div>
  );
}

function Discard({ im, onClose }: { im: Import; onClose: () => void }): ReactNode {
  const { office } = useSession();
  const queries = useQueryClient();
  const discard = useWrite({
    run: (version: number, key) =>
      answer(
        api.POST("/v1/offices/{office}/imports/{id}/discard", {
          params: { path: { office, id: im.id } },
          headers: { ...ifMatch(version), "Idempotency-Key": key },
        }),
      ),
    refresh: [importsKey, ["tasks"]],
    onDone: (made) => {
      queries.setQueryData(importQuery(office, im.id).queryKey, made);
      say("已放弃本次导入");
      onClose();
    },
    onProblem: sayProblem,
  });
  return (
    <Modal
      open
      title="放弃导入"
      okText="放弃导入"
      cancelText="继续核对"
      confirmLoading={discard.pending}
      onOk={() => discard.send(im.version)}
      onCancel={onClose}
    >
      已填写的确认内容不再保留，台账没有变化。需要时可以重新上传文件。
    </Modal>
  );
}
