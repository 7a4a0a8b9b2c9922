import { Checkbox, Input, Modal, Radio } from "antd";
import { type ReactNode, useState } from "react";
import { answer, api, Notice, say, today, untilComplete, useSession, useWrite, WriteProblem } from "@/parts";
import { DayPicker } from "@/parts/DayPicker";
import { type ItemPage, itemsKey, provingFiles } from "../rectification/data";
import { type Outcome, outcomes, type ReviewPage } from "./data";

const dayNames: Readonly<Record<Outcome, string>> = { continue: "下次复核日期", resume: "新的整改期限", done: "" };

/** What the office proposes for a long-term item that came back: it goes on, back to work, or is done. */
export function ProposeDialog({
  item,
  page,
  onClose,
}: {
  item: ItemPage;
  page: ReviewPage;
  onClose: () => void;
}): ReactNode {
  const { office } = useSession();
  const [outcome, setOutcome] = useState<Outcome>("continue");
  const [until, setUntil] = useState("");
  const [reason, setReason] = useState("");
  const [evidence, setEvidence] = useState<string[]>([]);
  const files = provingFiles(item);
  const write = useWrite({
    run: (_: undefined, key) =>
      answer(
        api.POST("/v1/offices/{office}/items/{id}/long-reviews", {
          params: { path: { office, id: item.id } },
          headers: { "Idempotency-Key": key },
          body: { outcome, until_on: until || undefined, reason, evidence },
        }),
      ),
    refresh: [itemsKey, ["tasks"]],
    onDone: (review) => {
      say(
        review.state === "settled"
          ? `已生效：${item.number} ${outcomes[outcome]}`
          : `已提出复核意见：${item.number}，等待${review.waiting.join("、")}`,
      );
      onClose();
    },
  });
  const missing = [
    outcome !== "done" && until === "" && dayNames[outcome],
    reason.trim() === "" && "理由",
    outcome !== "resume" && evidence.length === 0 && "支持复核意见的佐证",
  ];
  return (
    <Modal
      open
      width={720}
      title={`长期整改复核 ${item.number}`}
      okText="提出复核意见"
      cancelText="暂不提出"
      confirmLoading={write.pending}
      {...untilComplete(missing)}
      onOk={() => write.send(undefined)}
      onCancel={onClose}
    >
      <WriteProblem problem={write.problem} />
      <Radio.Group
        aria-label="复核意见"
        value={outcome}
        onChange={(event) => {
          setOutcome(event.target.value as Outcome);
          setUntil("");
        }}
        options={(["continue", "resume", "done"] as const).map((value) => ({ value, label: outcomes[value] }))}
      />
      <div className="x-form-grid">
        {outcome !== "done" && (
          <label htmlFor="until">
            {dayNames[outcome]}
            <DayPicker id="until" value={until} min={today()} onChange={(day) => setUntil(day ?? "")} />
            {outcome === "continue" && <span className="x-hint">最晚 {page.review_by}</span>}
          </label>
        )}
        <label className="x-wide" htmlFor="review-reason">
          理由
          <Input.TextArea
            id="review-reason"
            autoSize={{ minRows: 3, maxRows: 8 }}
            maxLength={2000}
            showCount
            placeholder="写明已取得的阶段性成效、尚未完成的原因和下一步安排"
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
        </label>
      </div>
      <fieldset className="x-gaps">
        <legend>支持复核意见的佐证</legend>
        {files.length === 0 && <p className="x-hint">还没有佐证。请先由单位在“佐证”页上传阶段性材料。</p>}
        <Checkbox.Group
          className="x-choices"
          value={evidence}
          onChange={setEvidence}
          options={files.map((file) => ({ value: file.id, label: file.name }))}
        />
      </fieldset>
      <Notice tone="neutral">{page.parties}一致同意后生效；生效前事项保持长期整改，单位看不到复核意见。</Notice>
    </Modal>
  );
}
