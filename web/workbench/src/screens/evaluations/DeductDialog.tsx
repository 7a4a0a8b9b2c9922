import { useQuery } from "@tanstack/react-query";
import { Input, InputNumber, Modal, Select } from "antd";
import { type ReactNode, useState } from "react";
import { untilComplete, useSession, WriteProblem } from "@/parts";
import { sent, useEntries } from "./Deductions";
import { type CardItem, type Entry, type Evaluation, formatPoints, type Link, type Proposal, rowsQuery } from "./data";

/** One deduction: how much, why, and in which rows it is seen. */
export function DeductDialog({
  one,
  item,
  entry,
  proposal,
  onClose,
}: {
  one: Evaluation;
  item: CardItem;
  entry?: Entry;
  proposal?: Proposal;
  onClose: () => void;
}): ReactNode {
  const { office } = useSession();
  const { data: rows } = useQuery(rowsQuery(office, one.id));
  const [points, setPoints] = useState<number | null>(entry?.points ?? proposal?.points ?? item.each);
  const [reason, setReason] = useState(entry?.reason ?? "");
  const [links, setLinks] = useState<string[]>(() => [
    ...new Set((entry?.links ?? proposal?.links ?? []).map(({ kind, id }) => `${kind} ${id}`)),
  ]);
  const write = useEntries(one, onClose);
  const follows = proposal !== undefined && points === proposal.points;
  const needsRows = (points ?? 0) > 0 && item.fact !== "plan-missing";
  const missing = [
    points === null && "扣分",
    !follows && reason.trim() === "" && "理由",
    needsRows && links.length === 0 && "依据",
  ];
  const others = (one.sheet?.entries ?? []).filter((each) => each.item !== item.id).map(sent);
  const send = (version: number) =>
    write.send({
      entries: [
        ...others,
        {
          item: item.id,
          points: points ?? 0,
          reason,
          links: links.map((key) => {
            const [kind, id] = key.split(" ") as [Link["kind"], string];
            return { kind, id };
          }),
        },
      ],
      version,
    });
  return (
    <Modal
      open
      width={640}
      title={`扣分项 ${item.id}`}
      okText="保存扣分"
      cancelText="暂不保存"
      confirmLoading={write.pending}
      {...untilComplete(missing)}
      onOk={() => send(one.version)}
      onCancel={onClose}
    >
      <WriteProblem problem={write.problem} onTheirs={send} />
      <p>{item.text}</p>
      {proposal && <p className="x-hint">系统建议：{proposal.text}。不采用或调整的，写明理由。</p>}
      <div className="x-form-column">
        <label htmlFor="deduct-points">
          扣分（最多 {formatPoints(item.cap)} 分，不扣填 0）
          <InputNumber
            id="deduct-points"
            min={0}
            max={item.cap / 10}
            step={0.5}
            precision={1}
            value={points === null ? null : points / 10}
            onChange={(value) => setPoints(value === null ? null : Math.round(value * 10))}
          />
        </label>
        <label htmlFor="deduct-reason">
          理由
          <Input.TextArea
            id="deduct-reason"
            autoSize={{ minRows: 2, maxRows: 8 }}
            maxLength={1000}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
        </label>
        <label htmlFor="deduct-links">
          依据（相关事项或整改方案）
          <Select
            id="deduct-links"
            mode="multiple"
            optionFilterProp="label"
            placeholder="选择事项或方案"
            value={links}
            options={rows?.map((row) => ({
              value: `${row.kind} ${row.id}`,
              label: [row.number, row.text].filter(Boolean).join(" "),
            }))}
            onChange={setLinks}
          />
        </label>
      </div>
    </Modal>
  );
}
