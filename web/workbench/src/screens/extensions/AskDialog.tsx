import { useQuery } from "@tanstack/react-query";
import { Checkbox, Input, Modal, Radio } from "antd";
import { type ReactNode, useState } from "react";
import {
  answer,
  api,
  formatDay,
  Notice,
  ProblemNotice,
  say,
  today,
  untilComplete,
  useSession,
  useWrite,
  WriteProblem,
} from "@/parts";
import { DayPicker } from "@/parts/DayPicker";
import { type ItemPage, itemsKey, provingFiles } from "../rectification/data";
import { type RequestKind, requestKinds, type TimePage, timeQuery } from "./data";

/** 申请延期 or 转长期整改: a day, a reason, and the files that support it. The head of the unit signs afterwards. */
export function AskDialog({ item, onClose }: { item: ItemPage; onClose: () => void }): ReactNode {
  const { office } = useSession();
  const { data: time, error } = useQuery(timeQuery({ office, below: undefined }, item.id));
  const [kind, setKind] = useState<RequestKind>("later");
  const [until, setUntil] = useState("");
  const [reason, setReason] = useState("");
  const [evidence, setEvidence] = useState<string[]>([]);
  const files = provingFiles(item);
  const used = time !== undefined && time.used >= time.limit;
  const write = useWrite({
    run: (_: undefined, key) =>
      answer(
        api.POST("/v1/offices/{office}/items/{id}/extensions", {
          params: { path: { office, id: item.id } },
          headers: { "Idempotency-Key": key },
          body: { kind, until_on: until, reason, evidence },
        }),
      ),
    refresh: [itemsKey, ["tasks"]],
    onDone: () => {
      say(`已提出${requestKinds[kind]}申请：${item.number}，等待主要负责人签署`);
      onClose();
    },
  });
  const dayName = kind === "later" ? "新期限" : "复核日期";
  const missing = [
    until === "" && dayName,
    reason.trim() === "" && "申请原因",
    evidence.length === 0 && "支持申请的佐证",
    kind === "later" && used && "可延期次数",
  ];
  return (
    <Modal
      open
      width={720}
      title={`申请延期 ${item.number}`}
      okText="提出申请"
      cancelText="暂不申请"
      confirmLoading={write.pending}
      {...untilComplete(missing)}
      onOk={() => write.send(undefined)}
      onCancel={onClose}
    >
      <WriteProblem problem={write.problem} />
      {error && <ProblemNotice problem={error} />}
      <Radio.Group
        value={kind}
        onChange={(event) => {
          setKind(event.target.value as RequestKind);
          setUntil("");
        }}
        options={[
          { value: "later", label: "延期" },
          { value: "long-term", label: "转长期整改" },
        ]}
      />
      {time && <Rule item={item} kind={kind} time={time} />}
      <div className="x-form-grid">
        <label htmlFor="until">
          {dayName}
          <DayPicker
            id="until"
            value={until}
            min={today()}
            max={(kind === "later" ? time?.latest_on : time?.review_by) ?? undefined}
            onChange={(day) => setUntil(day ?? "")}
          />
        </label>
        <label className="x-wide" htmlFor="ask-reason">
          申请原因
          <Input.TextArea
            id="ask-reason"
            autoSize={{ minRows: 3, maxRows: 8 }}
            maxLength={2000}
            showCount
            placeholder="写明不能按期完成的原因、已做的工作和下一步安排"
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
        </label>
      </div>
      <fieldset className="x-gaps">
        <legend>支持申请的佐证</legend>
        {files.length === 0 && <p className="x-hint">还没有佐证。请先在“佐证”页上传能说明原因的材料，再申请。</p>}
        <Checkbox.Group
          className="x-choices"
          value={evidence}
          onChange={setEvidence}
          options={files.map((file) => ({ value: file.id, label: file.name }))}
        />
      </fieldset>
      <Notice tone="neutral">审批前期限不变，催办照常进行；审批通过后才调整期限。</Notice>
    </Modal>
  );
}

function Rule({ item, kind, time }: { item: ItemPage; kind: RequestKind; time: TimePage }): ReactNode {
  if (kind === "long-term") {
    return <p className="x-hint">转为长期整改后不再计算期限，到复核日期再次审视；复核日期最晚 {time.review_by}。</p>;
  }
  return (
    <p className="x-hint">
      现期限 {formatDay(item.due_on)}，最晚可延至 {formatDay(time.latest_on)}。可延期 {time.limit} 次，已延期{" "}
      {time.used} 次。由{time.approver}审批。
    </p>
  );
}
