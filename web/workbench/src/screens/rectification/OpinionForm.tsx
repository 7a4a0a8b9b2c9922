import { Button, Checkbox, Input, Radio } from "antd";
import { type ReactNode, useState } from "react";
import {
  answer,
  api,
  Missing,
  optionsOf,
  type Problem,
  say,
  useKeys,
  useLocalDraft,
  useSession,
  useWrite,
  verdictReasons,
  verdicts,
  WriteProblem,
} from "@/parts";
import { type ItemPage, itemsKey, type Reason, type Verdict } from "./data";

interface Draft {
  verdict: Verdict | null;
  reasons: Reason[];
  note: string;
}

/** One party's opinion on what was handed in. The others see it when all are in; until it is sent it stays in this browser. */
export function OpinionForm({ item, onDone }: { item: ItemPage; onDone?: () => void }): ReactNode {
  const { office } = useSession();
  const local = useLocalDraft<Draft>(`opinion:${item.id}:${item.submission}`);
  const [draft, setDraft] = useState<Draft>(local.draft?.value ?? { verdict: null, reasons: [], note: "" });
  const { verdict, reasons, note } = draft;
  const change = (what: Partial<Draft>) => {
    const next = { ...draft, ...what };
    setDraft(next);
    local.keep(next);
  };
  const write = useWrite({
    run: (body: { submission: number; verdict: Verdict; reasons: Reason[]; note: string }, key) =>
      answer(
        api.POST("/v1/offices/{office}/items/{id}/opinion", {
          params: { path: { office, id: item.id } },
          headers: { "Idempotency-Key": key },
          body,
        }),
      ),
    refresh: [itemsKey, ["tasks"]],
    onDone: () => {
      local.drop();
      say(`已提交审核意见：${item.number}`);
      onDone?.();
    },
  });
  const needsReason = verdict !== null && verdict !== "agree";
  const missing = [
    verdict === null && "审核结论",
    needsReason && reasons.length === 0 && "理由（至少选一项）",
    needsReason && reasons.includes("other") && note.trim() === "" && "说明",
  ];
  const ready = missing.every((each) => each === false);
  const send = () => {
    if (verdict === null || !ready) return;
    write.send({ submission: item.submission, verdict, reasons: needsReason ? reasons : [], note });
  };
  const choose = (next: Verdict) => () => {
    change({ verdict: next });
    write.clear();
  };
  useKeys({ a: choose("agree"), s: choose("amend"), d: choose("refuse"), "Ctrl+Enter": send });
  return (
    <div className="x-opinion-form x-form-column">
      <WriteProblem problem={write.problem as Problem | null} retry={send} />
      <Radio.Group
        aria-label="审核结论"
        value={verdict}
        onChange={(event) => choose(event.target.value as Verdict)()}
        options={optionsOf(verdicts).map(({ value, label }) => ({
          value,
          label: `${label}（${{ agree: "A", amend: "S", refuse: "D" }[value as Verdict]}）`,
        }))}
      />
      {needsReason && (
        <Checkbox.Group
          aria-label="理由"
          value={reasons}
          onChange={(chosen) => change({ reasons: chosen as Reason[] })}
          options={optionsOf(verdictReasons)}
        />
      )}
      <label htmlFor="note">
        {needsReason && reasons.includes("other") ? "说明（必填）" : "说明"}
        <Input.TextArea
          id="note"
          autoSize={{ minRows: 2, maxRows: 8 }}
          maxLength={2000}
          value={note}
          onChange={(event) => change({ note: event.target.value })}
        />
      </label>
      <div className="x-form-actions">
        <span className="x-hint">提交后不能修改；各方提交后互相可见</span>
        <Button type="primary" disabled={!ready} loading={write.pending} onClick={send}>
          提交审核意见
        </Button>
      </div>
      <Missing what={missing} />
    </div>
  );
}
