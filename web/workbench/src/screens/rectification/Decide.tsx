import { Checkbox, Input, Modal, Radio } from "antd";
import { type ReactNode, useState } from "react";
import {
  answer,
  api,
  ifMatch,
  Missing,
  optionsOf,
  say,
  today,
  useSession,
  useWrite,
  verdictReasons,
  WriteProblem,
} from "@/parts";
import { DayPicker } from "@/parts/DayPicker";
import { type ItemPage, itemsKey, type Reason } from "./data";
import { OpinionList } from "./OpinionsTab";

type Outcome = "return" | "accept" | "accept-long";

/** Ends a joint review: one consolidated return, or acceptance. The draft gathers all parties' reasons. */
export function Decide({ item, onClose }: { item: ItemPage; onClose: () => void }): ReactNode {
  const { office } = useSession();
  const draft = item.return_draft;
  const [outcome, setOutcome] = useState<Outcome>(item.allowed.includes("return") ? "return" : "accept");
  const [reasons, setReasons] = useState<Reason[]>([...(draft?.reasons ?? [])]);
  const [letter, setLetter] = useState(draft?.letter ?? "");
  const [reviewOn, setReviewOn] = useState<string | null>(null);

  const write = useWrite({
    run: (version: number, key): Promise<unknown> => {
      const params = { path: { office, id: item.id } };
      const headers = { ...ifMatch(version), "Idempotency-Key": key };
      if (outcome === "return") {
        return answer(
          api.POST("/v1/offices/{office}/items/{id}/return", { params, headers, body: { reasons, letter } }),
        );
      }
      const long = outcome === "accept-long";
      return answer(
        api.POST("/v1/offices/{office}/items/{id}/accept", {
          params,
          headers,
          body: { note: letter || undefined, long_term: long, review_on: (long && reviewOn) || undefined },
        }),
      );
    },
    refresh: [itemsKey, ["tasks"]],
    onDone: () => {
      say(
        {
          return: `已退回：${item.number}`,
          accept: `已销号：${item.number}`,
          "accept-long": `已转入长期整改：${item.number}`,
        }[outcome],
      );
      onClose();
    },
  });
  const action = { return: "退回重报", accept: "销号", "accept-long": "转入长期整改" }[outcome];
  const missing = outcome === "return" ? [reasons.length === 0 && "退回理由", letter.trim() === "" && "退回意见"] : [];
  const ready = missing.every((each) => each === false);
  return (
    <Modal
      open
      width={760}
      title={`汇总审核意见 ${item.number}`}
      okText={action}
      cancelText={{ return: "暂不退回", accept: "暂不销号", "accept-long": "暂不转入" }[outcome]}
      confirmLoading={write.pending}
      okButtonProps={{ disabled: !ready }}
      footer={(buttons) => (
        <>
          {buttons}
          <Missing what={missing} />
        </>
      )}
      onOk={() => write.send(item.version)}
      onCancel={onClose}
    >
      <WriteProblem problem={write.problem} onTheirs={(version) => write.send(version)} />
      <OpinionList opinions={item.submissions[0]?.opinions ?? []} />
      {outcome === "return" ? (
        <>
          <p className="x-part-title">退回理由</p>
          <Checkbox.Group
            value={reasons}
            onChange={(chosen) => setReasons(chosen as Reason[])}
            options={optionsOf(verdictReasons).filter(({ value }) => draft?.reasons.includes(value as Reason) ?? true)}
          />
          <label htmlFor="letter">
            退回意见（单位收到的就是这一份）
            <Input.TextArea
              id="letter"
              autoSize={{ minRows: 5, maxRows: 14 }}
              maxLength={5000}
              showCount
              value={letter}
              onChange={(event) => setLetter(event.target.value)}
            />
          </label>
        </>
      ) : (
        <>
          <Radio.Group
            value={outcome}
            onChange={(event) => setOutcome(event.target.value as Outcome)}
            options={[
              { value: "accept", label: "销号" },
              { value: "accept-long", label: "转入长期整改" },
            ]}
          />
          {outcome === "accept-long" && (
            <label htmlFor="review_on">
              复核日期（不填按规定周期）
              <DayPicker id="review_on" value={reviewOn} min={today()} onChange={setReviewOn} />
            </label>
          )}
          <label htmlFor="letter">
            说明
            <Input.TextArea
              id="letter"
              autoSize={{ minRows: 2, maxRows: 8 }}
              maxLength={5000}
              value={letter}
              onChange={(event) => setLetter(event.target.value)}
            />
          </label>
        </>
      )}
    </Modal>
  );
}
