import { Input, Modal } from "antd";
import { type ReactNode, useState } from "react";
import { answer, api, ifMatch, Notice, say, useSession, useWrite, WriteProblem } from "@/parts";
import { type ItemPage, itemsKey } from "./data";

/** 提交销号: what was done, and for each measure without evidence why there is none. */
export function SubmitDialog({ item, onClose }: { item: ItemPage; onClose: () => void }): ReactNode {
  const { office } = useSession();
  const [statement, setStatement] = useState(item.progress);
  const [gaps, setGaps] = useState<Readonly<Record<string, string>>>({});
  const proven = new Set(item.files.filter((file) => !file.replaced).map((file) => file.measure));
  const bare = item.measures.filter((measure) => !proven.has(measure.id));
  const missing = bare.filter((measure) => !gaps[measure.id]?.trim());

  const write = useWrite({
    run: (version: number, key) =>
      answer(
        api.POST("/v1/offices/{office}/items/{id}/submit", {
          params: { path: { office, id: item.id } },
          headers: { ...ifMatch(version), "Idempotency-Key": key },
          body: {
            statement,
            gaps: bare.map((measure) => ({ measure: measure.id, reason: gaps[measure.id] ?? "" })),
          },
        }),
      ),
    refresh: [itemsKey, ["tasks"]],
    onDone: () => {
      say(`已提交销号：${item.number}，等待联合审核`);
      onClose();
    },
  });
  return (
    <Modal
      open
      width={720}
      title={`提交销号 ${item.number}`}
      okText="提交销号"
      cancelText="暂不提交"
      confirmLoading={write.pending}
      okButtonProps={{ disabled: statement.trim() === "" || missing.length > 0 }}
      onOk={() => write.send(item.version)}
      onCancel={onClose}
    >
      <WriteProblem problem={write.problem} onTheirs={(version) => write.send(version)} />
      <label htmlFor="statement">
        整改情况说明
        <Input.TextArea
          id="statement"
          autoSize={{ minRows: 4, maxRows: 12 }}
          maxLength={5000}
          showCount
          value={statement}
          onChange={(event) => setStatement(event.target.value)}
        />
      </label>
      {bare.length > 0 && (
        <fieldset className="x-gaps">
          <legend>{bare.length} 项措施没有佐证，请关闭本窗口上传，或逐项说明原因</legend>
          {bare.map((measure) => (
            <label key={measure.id} htmlFor={`gap-${measure.id}`}>
              第 {measure.seq} 项：{measure.text}
              <Input
                id={`gap-${measure.id}`}
                maxLength={500}
                placeholder="没有佐证的原因"
                value={gaps[measure.id] ?? ""}
                onChange={(event) => setGaps({ ...gaps, [measure.id]: event.target.value })}
              />
            </label>
          ))}
        </fieldset>
      )}
      <Notice tone="neutral">提交后由各审核方联合审核，审核期间不能修改；退回后可以补正重报。</Notice>
    </Modal>
  );
}
