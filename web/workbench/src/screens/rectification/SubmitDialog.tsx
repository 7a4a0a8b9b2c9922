import { Input, Modal } from "antd";
import { type ReactNode, useState } from "react";
import { answer, api, ifMatch, Missing, Notice, say, useSession, useWrite, WriteProblem } from "@/parts";
import { type ItemPage, itemsKey, provingFiles } from "./data";

/** 提交销号: what was done, what is not done yet, and for each measure without evidence why there is none. */
export function SubmitDialog({ item, onClose }: { item: ItemPage; onClose: () => void }): ReactNode {
  const { office } = useSession();
  const [statement, setStatement] = useState(item.measures.every(({ done }) => done) ? item.progress : "");
  const [gaps, setGaps] = useState<Readonly<Record<string, string>>>({});
  const open = item.measures.filter(({ done }) => !done);
  const files = provingFiles(item);
  const whole = files.filter(({ measure }) => measure === null).length;
  const proven = new Set(files.map(({ measure }) => measure));
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
      footer={(buttons) => (
        <>
          {buttons}
          <Missing
            what={[
              statement.trim() === "" && "整改情况说明",
              missing.length > 0 && `第 ${missing.map(({ seq }) => seq).join("、")} 项措施没有佐证的原因`,
            ]}
          />
        </>
      )}
      onOk={() => write.send(item.version)}
      onCancel={onClose}
    >
      <WriteProblem problem={write.problem} onTheirs={(version) => write.send(version)} />
      {open.length > 0 && (
        <Notice tone="warning">
          以下 {open.length} 项措施未标记完成，请核实后再提交：
          <ul>
            {open.map(({ id, seq, text }) => (
              <li key={id}>
                第 {seq} 项：{text}
              </li>
            ))}
          </ul>
        </Notice>
      )}
      <label htmlFor="statement">
        整改情况说明
        <Input.TextArea
          id="statement"
          autoSize={{ minRows: 4, maxRows: 12 }}
          maxLength={5000}
          showCount
          placeholder="逐项写明措施完成情况和整改成效"
          value={statement}
          onChange={(event) => setStatement(event.target.value)}
        />
      </label>
      {bare.length > 0 && (
        <fieldset className="x-gaps">
          <legend>
            {bare.length} 项措施没有单独的佐证
            {whole > 0 && `（另有 ${whole} 份整个事项的佐证）`}，请关闭本窗口上传，或逐项说明原因
          </legend>
          {bare.map((measure) => (
            <label key={measure.id} htmlFor={`gap-${measure.id}`}>
              第 {measure.seq} 项：{measure.text}
              <Input
                id={`gap-${measure.id}`}
                maxLength={500}
                placeholder={whole > 0 ? "没有佐证的原因，如：见整个事项的佐证" : "没有佐证的原因"}
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
