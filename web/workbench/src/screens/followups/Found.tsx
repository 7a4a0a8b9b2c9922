import { useQuery } from "@tanstack/react-query";
import { Button, Input, InputNumber, Modal, Select } from "antd";
import { type ReactNode, useState } from "react";
import {
  answer,
  api,
  NO_DATA,
  NumberCell,
  Panel,
  say,
  sayProblem,
  untilComplete,
  useSession,
  useWrite,
  WriteProblem,
} from "@/parts";
import { focusesQuery } from "../rectification/data";
import { type FollowUp, followUpsKey, type Problem } from "./data";

/** 新发现问题 of a follow-up; before the report they can be struck again. */
export function Found({ one }: { one: FollowUp }): ReactNode {
  const [adding, setAdding] = useState(false);
  const may = one.allowed.includes("find");
  if (one.state !== "ongoing" && one.state !== "reported") return null;
  return (
    <Panel
      title={`新发现问题（${one.problems.length}）`}
      extra={may && <Button onClick={() => setAdding(true)}>登记新发现问题</Button>}
    >
      {one.problems.length === 0 ? (
        <p className="x-hint">
          {one.state === "ongoing" ? "还没有新发现问题。登记的问题报告后进入整改台账。" : "没有新发现问题"}
        </p>
      ) : (
        <FoundTable
          problems={one.problems}
          drop={may ? (problem) => <Drop one={one} problem={problem} /> : undefined}
        />
      )}
      {adding && <AddDialog one={one} onClose={() => setAdding(false)} />}
    </Panel>
  );
}

/** New problems by unit; with their number once they are in the ledger. */
export function FoundTable({
  problems,
  drop,
}: {
  problems: readonly Problem[];
  drop?: (problem: Problem) => ReactNode;
}): ReactNode {
  const { office } = useSession();
  return (
    <div className="x-scroll">
      <table className="x-table">
        <thead>
          <tr>
            <th scope="col">编号</th>
            <th scope="col">问题</th>
            <th scope="col">单位</th>
            {drop && <th scope="col">办理</th>}
          </tr>
        </thead>
        <tbody>
          {problems.map((problem) => (
            <tr key={problem.id}>
              <td>
                {problem.finding ? (
                  <NumberCell number={problem.number} href={`/w/${office}/ledger/${problem.finding}`} />
                ) : (
                  NO_DATA
                )}
              </td>
              <td>
                {problem.text}
                {problem.category && <span className="x-hint">（{problem.category}）</span>}
              </td>
              <td>{problem.unit_name}</td>
              {drop && <td>{drop(problem)}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Drop({ one, problem }: { one: FollowUp; problem: Problem }): ReactNode {
  const { office } = useSession();
  const write = useWrite({
    run: (_: undefined, key) =>
      answer(
        api.POST("/v1/offices/{office}/followups/{id}/problems/{problem}/drop", {
          params: { path: { office, id: one.id, problem: problem.id } },
          headers: { "Idempotency-Key": key },
        }),
      ),
    refresh: [followUpsKey],
    onProblem: sayProblem,
    onDone: () => say("已删除新发现问题"),
  });
  return (
    <button type="button" className="x-plain-button" disabled={write.pending} onClick={() => write.send(undefined)}>
      删除
    </button>
  );
}

function AddDialog({ one, onClose }: { one: FollowUp; onClose: () => void }): ReactNode {
  const { office } = useSession();
  const focuses = useQuery(focusesQuery(office)).data;
  const [form, setForm] = useState({
    unit: one.units.length === 1 ? (one.units[0]?.unit ?? "") : "",
    focus: 0,
    category: "",
    text: "",
    yuan: null as number | null,
  });
  const write = useWrite({
    run: (_: undefined, key) =>
      answer(
        api.POST("/v1/offices/{office}/followups/{id}/problems", {
          params: { path: { office, id: one.id } },
          headers: { "Idempotency-Key": key },
          body: {
            unit: form.unit,
            focus: form.focus,
            category: form.category,
            text: form.text,
            amount_fen: form.yuan === null ? undefined : Math.round(form.yuan * 100),
          },
        }),
      ),
    refresh: [followUpsKey, ["tasks"]],
    onDone: () => {
      say("已登记新发现问题");
      onClose();
    },
  });
  return (
    <Modal
      open
      title="登记新发现问题"
      okText="登记问题"
      cancelText="暂不登记"
      confirmLoading={write.pending}
      {...untilComplete([
        form.unit === "" && "单位",
        form.focus === 0 && "四个聚焦",
        form.text.trim() === "" && "问题",
      ])}
      onOk={() => write.send(undefined)}
      onCancel={onClose}
    >
      <WriteProblem problem={write.problem} />
      <p className="x-hint">报告之前单位看不到；报告后编号进入整改台账，标为回头看新发现。</p>
      <div className="x-form-grid">
        <label className="x-wide" htmlFor="found-unit">
          单位
          <Select
            id="found-unit"
            options={one.units.map(({ unit, name }) => ({ value: unit, label: name }))}
            value={form.unit || undefined}
            onChange={(unit: string) => setForm({ ...form, unit })}
          />
        </label>
        <label htmlFor="found-focus">
          四个聚焦
          <Select
            id="found-focus"
            options={focuses?.map(({ focus, short }) => ({ value: focus, label: short }))}
            value={form.focus || undefined}
            onChange={(focus: number) => setForm({ ...form, focus })}
          />
        </label>
        <label htmlFor="found-category">
          问题类别
          <Input
            id="found-category"
            maxLength={200}
            value={form.category}
            onChange={(event) => setForm({ ...form, category: event.target.value })}
          />
        </label>
        <label className="x-wide" htmlFor="found-text">
          问题
          <Input.TextArea
            id="found-text"
            autoSize={{ minRows: 3, maxRows: 10 }}
            maxLength={5000}
            value={form.text}
            onChange={(event) => setForm({ ...form, text: event.target.value })}
          />
        </label>
        <label htmlFor="found-amount">
          涉及金额（元）
          <InputNumber
            id="found-amount"
            min={0}
            precision={2}
            value={form.yuan}
            onChange={(yuan) => setForm({ ...form, yuan })}
          />
        </label>
      </div>
    </Modal>
  );
}
