import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Button, Checkbox, Input } from "antd";
import { type ReactNode, useState } from "react";
import {
  answer,
  api,
  Deadline,
  Empty,
  Missing,
  Notice,
  Page,
  Panel,
  ProblemNotice,
  Standing,
  say,
  today,
  useLeaveGuard,
  useSession,
  useWrite,
  WriteProblem,
} from "@/parts";
import { DayPicker } from "@/parts/DayPicker";
import { type Item, itemsKey, itemsQuery } from "../rectification/data";
import "./extensions.css";

/** What is asked for one item: its own day and reason, where they are not the list's. */
interface Line {
  until: string;
  reason: string;
}

/** 批量申请延期: several items, one day and one reason or each its own, signed by the head as one list. */
export default function NewList(): ReactNode {
  const session = useSession();
  const { data, error, refetch } = useQuery(itemsQuery(session, { state: ["working", "returned"] }));
  const items = data?.filter((item) => item.allowed.includes("extend") && item.due_on);
  return (
    <Page title="批量申请延期" width="wide">
      {error && <ProblemNotice problem={error} retry={() => void refetch()} />}
      {items?.length === 0 && <Empty>没有可以申请延期的事项。整改中和退回重报、且没有申请在办的事项会列在这里。</Empty>}
      {items && items.length > 0 && <Form items={items} />}
    </Page>
  );
}

function Form({ items }: { items: readonly Item[] }): ReactNode {
  const { office } = useSession();
  const navigate = useNavigate();
  const [chosen, setChosen] = useState<ReadonlyMap<string, Line>>(new Map());
  const [until, setUntil] = useState("");
  const [reason, setReason] = useState("");
  const put = (id: string, line: Line | null) => {
    const next = new Map(chosen);
    if (line === null) next.delete(id);
    else next.set(id, line);
    setChosen(next);
  };
  const lines = items.flatMap((item) => {
    const line = chosen.get(item.id);
    return line ? [{ item, until: line.until || until, reason: line.reason }] : [];
  });
  const write = useWrite({
    run: (_: undefined, key) =>
      answer(
        api.POST("/v1/offices/{office}/extension-lists", {
          params: { path: { office } },
          headers: { "Idempotency-Key": key },
          body: {
            reason,
            items: lines.map((line) => ({
              item: line.item.id,
              until_on: line.until,
              reason: line.reason || undefined,
            })),
          },
        }),
      ),
    refresh: [itemsKey, ["tasks"]],
    onDone: (list) => {
      say(`已提出 ${list.requests.length} 项延期申请，等待主要负责人签署`);
      void navigate({ to: `/w/${office}/extension-lists/${list.id}` as never });
    },
  });
  useLeaveGuard((chosen.size > 0 || until !== "" || reason !== "") && !write.pending);
  const refused = new Map(
    (write.problem?.fields ?? []).flatMap(({ pointer, message }) => {
      const at = /\/items\/(\d+)/.exec(pointer)?.[1];
      const line = at === undefined ? undefined : lines[Number(at)];
      return line ? [[line.item.id, message] as const] : [];
    }),
  );
  const missing = [
    lines.length === 0 && "要延期的事项",
    lines.some((line) => line.until === "") && "新期限",
    reason.trim() === "" && lines.some((line) => line.reason.trim() === "") && "申请原因",
  ];
  return (
    <>
      <WriteProblem problem={write.problem} />
      <Panel title="共同的新期限和原因">
        <div className="x-form-grid">
          <label htmlFor="list-until">
            新期限
            <DayPicker id="list-until" value={until} min={today()} onChange={(day) => setUntil(day ?? "")} />
          </label>
          <label className="x-wide" htmlFor="list-reason">
            申请原因
            <Input.TextArea
              id="list-reason"
              autoSize={{ minRows: 2, maxRows: 8 }}
              maxLength={2000}
              value={reason}
              onChange={(event) => setReason(event.target.value)}
            />
          </label>
        </div>
        <p className="x-hint">个别事项的期限或原因不同时，在下面单独填写。每项以已上传的全部佐证支持申请。</p>
      </Panel>
      <Panel title={`事项（已选 ${lines.length} 项）`}>
        <div className="x-extension-scroll">
          <table className="x-extension-list">
            <thead>
              <tr>
                <th scope="col">编号</th>
                <th scope="col">反馈问题</th>
                <th scope="col">现期限</th>
                <th scope="col">单独的新期限</th>
                <th scope="col">单独的原因</th>
              </tr>
            </thead>
            <tbody>
              {items.map((item) => {
                const line = chosen.get(item.id);
                return (
                  <tr key={item.id}>
                    <td>
                      <Checkbox
                        checked={line !== undefined}
                        onChange={(event) => put(item.id, event.target.checked ? { until: "", reason: "" } : null)}
                      >
                        <span className="x-code">{item.number}</span>
                      </Checkbox>
                    </td>
                    <td data-label="反馈问题">
                      {item.text}
                      {refused.has(item.id) && <small className="x-standing-danger">{refused.get(item.id)}</small>}
                    </td>
                    <td data-label="现期限">
                      <Deadline due={item.due_on} /> <Standing due={item.due_on} />
                    </td>
                    <td {...(line && { "data-label": "单独的新期限" })}>
                      {line && (
                        <DayPicker
                          id={`until-${item.id}`}
                          label={`${item.number} 单独的新期限`}
                          value={line.until}
                          min={today()}
                          onChange={(day) => put(item.id, { ...line, until: day ?? "" })}
                        />
                      )}
                    </td>
                    <td {...(line && { "data-label": "单独的原因" })}>
                      {line && (
                        <Input.TextArea
                          autoSize
                          aria-label={`${item.number} 单独的原因`}
                          maxLength={2000}
                          value={line.reason}
                          onChange={(event) => put(item.id, { ...line, reason: event.target.value })}
                        />
                      )}
                    </td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
      </Panel>
      <Notice tone="neutral">主要负责人对整份清单签署一次，各项分别审批。审批前期限不变，催办照常进行。</Notice>
      <div className="x-form-actions">
        <Button
          type="primary"
          loading={write.pending}
          disabled={missing.some((each) => each !== false)}
          onClick={() => write.send(undefined)}
        >
          提出申请
        </Button>
        <Missing what={missing} />
      </div>
    </>
  );
}
