import { Input, Modal } from "antd";
import { type ReactNode, useState } from "react";
import { answer, api, ifMatch, say, untilComplete, useSession, useWrite, WriteProblem } from "@/parts";
import { itemsKey } from "../rectification/data";
import { type LongReview, outcomes } from "./data";
import { wish } from "./ReviewPanel";

/** What is done with a proposal. */
export type Step = "agree" | "object" | "withdraw";

/** What people call it. */
export const stepWords: Readonly<Record<Step, string>> = { agree: "同意", object: "不同意", withdraw: "撤回意见" };

const labels: Readonly<Record<Step, string>> = {
  agree: "意见（可不填）",
  object: "不同意的理由",
  withdraw: "撤回原因",
};

/** One party's word on what becomes of a long-term item, or the proposal taken back. */
export function OpinionDialog({
  review,
  step,
  onClose,
}: {
  review: LongReview;
  step: Step;
  onClose: () => void;
}): ReactNode {
  const { office } = useSession();
  const [note, setNote] = useState("");
  const write = useWrite({
    run: (version: number, key) => {
      const init = {
        params: { path: { office, review: review.id } },
        headers: { ...ifMatch(version), "Idempotency-Key": key },
        body: { note },
      };
      const send = {
        agree: () => api.POST("/v1/offices/{office}/long-reviews/{review}/agree", init),
        object: () => api.POST("/v1/offices/{office}/long-reviews/{review}/object", init),
        withdraw: () => api.POST("/v1/offices/{office}/long-reviews/{review}/withdraw", init),
      }[step];
      return answer(send());
    },
    refresh: [itemsKey, ["tasks"]],
    onDone: ({ state, waiting }) => {
      say(
        {
          proposed: `已同意：${review.number}，等待${waiting.join("、")}`,
          settled: `已生效：${review.number} ${outcomes[review.outcome]}`,
          objected: `已提出不同意见：${review.number}，事项保持长期整改`,
          withdrawn: `已撤回复核意见：${review.number}`,
        }[state],
      );
      onClose();
    },
  });
  const missing = step !== "agree" && note.trim() === "";
  return (
    <Modal
      open
      title={`${stepWords[step]} ${review.number}`}
      okText={stepWords[step]}
      cancelText="返回"
      confirmLoading={write.pending}
      {...untilComplete([missing && labels[step]])}
      onOk={() => write.send(review.version)}
      onCancel={onClose}
    >
      <WriteProblem problem={write.problem} onTheirs={(version) => write.send(version)} />
      <p>{wish(review)}</p>
      <label htmlFor="review-note">
        {labels[step]}
        <Input.TextArea
          id="review-note"
          autoSize={{ minRows: 3, maxRows: 8 }}
          maxLength={1000}
          value={note}
          onChange={(event) => setNote(event.target.value)}
        />
      </label>
    </Modal>
  );
}
