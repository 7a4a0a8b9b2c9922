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
  useSession,
  useWrite,
  verdictReasons,
  verdicts,
  WriteProblem,
} from "@/parts";
import { type ItemPage, itemsKey, type Reason, type Verdict } from "./data";

/** One party's opinion on what was handed in. The others see it when all are in. */
export function OpinionForm({ item, onDone }: { item: ItemPage; onDone?: () => void }): ReactNode {
  const { office } = useSession();
  const [verdict, setVerdict] = useState<Verdict | null>(null);
  const [reasons, setReasons] = useState<Reason[]>([]);
  const [note, setNote] = useState("");
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
    setVerdict(next);
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
          onChange={(chosen) => setReasons(chosen as Reason[])}
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
          onChange={(event) => setNote(event.target.value)}
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
