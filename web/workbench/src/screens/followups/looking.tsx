import { Input, Modal, Radio } from "antd";
import { type ReactNode, useState } from "react";
import {
  answer,
  api,
  ifMatch,
  optionsOf,
  say,
  sayProblem,
  today,
  untilComplete,
  useSession,
  useWrite,
  WriteProblem,
} from "@/parts";
import { DayPicker } from "@/parts/DayPicker";
import { followUpsKey, type Looked, type Row, type Sheet } from "./data";
import { lookVerdicts } from "./words";

type Verdict = Exclude<Looked["verdict"], "">;

const refresh = [followUpsKey, ["tasks"]];

function meant(office: string, sheet: Sheet, looked: Looked, version: number, key: string) {
  return {
    params: { path: { office, id: sheet.id, finding: looked.finding } },
    headers: { ...ifMatch(version), "Idempotency-Key": key },
  };
}

/** 记录结论: what one person found of one problem. */
export function RecordDialog({
  sheet,
  row,
  looked,
  onClose,
}: {
  sheet: Sheet;
  row: Row;
  looked: Looked;
  onClose: () => void;
}): ReactNode {
  const { office } = useSession();
  const [form, setForm] = useState<{ verdict: Verdict | ""; fact: string; seen_on: string }>({
    verdict: looked.verdict,
    fact: looked.fact,
    seen_on: looked.seen_on ?? today(),
  });
  const ended = row.item.state === "closed" || row.item.state === "long-term";
  const write = useWrite({
    run: (version: number, key) =>
      answer(
        api.POST("/v1/offices/{office}/followups/{id}/items/{finding}/record", {
          ...meant(office, sheet, looked, version, key),
          body: { ...form, verdict: form.verdict as Verdict },
        }),
      ),
    refresh,
    onDone: () => {
      say(`已记录核查结论：${looked.number}`);
      onClose();
    },
  });
  return (
    <Modal
      open
      title={`记录核查结论 ${looked.number}`}
      okText="记录结论"
      cancelText="暂不记录"
      confirmLoading={write.pending}
      {...untilComplete([
        form.verdict === "" && "核查结论",
        form.fact.trim() === "" && "事实",
        form.seen_on === "" && "核查日期",
      ])}
      onOk={() => write.send(looked.version)}
      onCancel={onClose}
    >
      <WriteProblem problem={write.problem} onTheirs={(version) => write.send(version)} />
      <p className="x-hint">
        须由另一名核查人员核对。单位在报告后看到结论和事实。
        {!ended && "反弹、虚假整改只用于已销号和长期整改的事项。"}
      </p>
      <div className="x-form-grid">
        <div className="x-wide">
          <Radio.Group
            aria-label="核查结论"
            options={optionsOf(lookVerdicts).map((option) => ({
              ...option,
              disabled: !ended && (option.value === "rebounded" || option.value === "false"),
            }))}
            value={form.verdict || undefined}
            onChange={(event) => setForm({ ...form, verdict: event.target.value as Verdict })}
          />
        </div>
        <label className="x-wide" htmlFor="look-fact">
          事实
          <Input.TextArea
            id="look-fact"
            autoSize={{ minRows: 3, maxRows: 10 }}
            maxLength={2000}
            value={form.fact}
            onChange={(event) => setForm({ ...form, fact: event.target.value })}
          />
        </label>
        <label htmlFor="look-day">
          核查日期
          <DayPicker
            id="look-day"
            min={sheet.starts_on}
            max={today()}
            value={form.seen_on}
            onChange={(day) => setForm({ ...form, seen_on: day ?? "" })}
          />
        </label>
      </div>
    </Modal>
  );
}

/** The other person's word for it. */
export function AgreeButton({ sheet, looked }: { sheet: Sheet; looked: Looked }): ReactNode {
  const { office } = useSession();
  const write = useWrite({
    run: (version: number, key) =>
      answer(
        api.POST(
          "/v1/offices/{office}/followups/{id}/items/{finding}/agree",
          meant(office, sheet, looked, version, key),
        ),
      ),
    refresh,
    onProblem: sayProblem,
    onDone: () => say(`已核对：${looked.number}`),
  });
  return (
    <button
      type="button"
      className="x-plain-button"
      disabled={write.pending}
      onClick={() => write.send(looked.version)}
    >
      核对无误
    </button>
  );
}

/** Has a problem looked at again, with what is not right. */
export function ReturnDialog({
  sheet,
  looked,
  onClose,
}: {
  sheet: Sheet;
  looked: Looked;
  onClose: () => void;
}): ReactNode {
  const { office } = useSession();
  const [note, setNote] = useState("");
  const write = useWrite({
    run: (version: number, key) =>
      answer(
        api.POST("/v1/offices/{office}/followups/{id}/items/{finding}/return", {
          ...meant(office, sheet, looked, version, key),
          body: { note },
        }),
      ),
    refresh,
    onDone: () => {
      say(`已退回重新核查：${looked.number}`);
      onClose();
    },
  });
  return (
    <Modal
      open
      title={`退回重新核查 ${looked.number}`}
      okText="退回重新核查"
      cancelText="暂不退回"
      confirmLoading={write.pending}
      {...untilComplete([note.trim() === "" && "退回的理由"])}
      onOk={() => write.send(looked.version)}
      onCancel={onClose}
    >
      <WriteProblem problem={write.problem} onTheirs={(version) => write.send(version)} />
      <label htmlFor="look-note">
        退回的理由
        <Input.TextArea
          id="look-note"
          autoSize={{ minRows: 2, maxRows: 6 }}
          maxLength={500}
          value={note}
          onChange={(event) => setNote(event.target.value)}
        />
      </label>
    </Modal>
  );
}
