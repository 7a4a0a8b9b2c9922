import { useQuery } from "@tanstack/react-query";
import { InputNumber, Modal, Select } from "antd";
import { type ReactNode, useState } from "react";
import { answer, api, say, untilComplete, useSession, useWrite, WriteProblem } from "@/parts";
import { latestRound, roundsQuery } from "../rectification/data";
import { checksKey } from "./data";
import { roundWord } from "./words";

/** 开展督导检查: chooses the round of inspection and draws the sample. */
export function OpenDialog({ onClose }: { onClose: () => void }): ReactNode {
  const { office } = useSession();
  const rounds = useQuery(roundsQuery({ office, below: undefined })).data;
  const [form, setForm] = useState<{ round: string; share: number | null }>({
    round: "",
    share: null,
  });
  const round = form.round || latestRound(rounds)?.id || "";
  const write = useWrite({
    run: (_: undefined, key) =>
      answer(
        api.POST("/v1/offices/{office}/checks", {
          params: { path: { office } },
          headers: { "Idempotency-Key": key },
          body: { round, share: form.share ?? undefined },
        }),
      ),
    refresh: [checksKey, ["tasks"]],
    onDone: (check) => {
      say(`已开展${roundWord(check.n)}督导检查，抽取 ${check.counts.visits} 项`);
      onClose();
    },
  });
  return (
    <Modal
      open
      title="开展督导检查"
      okText="抽取问题"
      cancelText="暂不开展"
      confirmLoading={write.pending}
      {...untilComplete([round === "" && "巡察轮次"])}
      onOk={() => write.send(undefined)}
      onCancel={onClose}
    >
      <WriteProblem problem={write.problem} />
      <p className="x-hint">
        有存疑提示的和已逾期的全部检查，其余按比例随机抽取。种子随抽样结果保存，可据此重新抽取核对。抽取后不能重抽。
      </p>
      <div className="x-form-grid">
        <label className="x-wide" htmlFor="check-round">
          巡察轮次
          <Select
            id="check-round"
            options={(rounds ?? []).map(({ id, name }) => ({ value: id, label: name }))}
            value={round || undefined}
            onChange={(value: string) => setForm({ ...form, round: value })}
          />
        </label>
        <label htmlFor="check-share">
          其余问题抽样比例（%）
          <InputNumber
            id="check-share"
            min={1}
            max={100}
            precision={0}
            placeholder="按本单位规定"
            value={form.share}
            onChange={(share) => setForm({ ...form, share })}
          />
        </label>
      </div>
    </Modal>
  );
}
