import { useQueryClient } from "@tanstack/react-query";
import { Button, Input, Modal } from "antd";
import { type ReactNode, useState } from "react";
import {
  answer,
  api,
  formatCount,
  Instant,
  ifMatch,
  Notice,
  say,
  sayProblem,
  sendRaw,
  untilComplete,
  useSession,
  useWrite,
  WriteProblem,
} from "@/parts";
import { itemsKey } from "../rectification/data";
import { saveBlob } from "../rectification/evidence";
import { type Import, importQuery, importsKey, resultWords } from "./data";
import { RowList } from "./RowList";

/** What became of every problem of the file, and the way back. */
export function Outcome({ im }: { im: Import }): ReactNode {
  const { office } = useSession();
  const [taking, setTaking] = useState(false);
  const known = useWrite({
    run: (_: undefined, key) =>
      answer(
        api.POST("/v1/offices/{office}/imports/{id}/known", {
          params: { path: { office, id: im.id } },
          headers: { "Idempotency-Key": key },
        }),
      ),
    refresh: [["tasks"]],
    onDone: () => say("待办已办结"),
    onProblem: sayProblem,
  });
  return (
    <>
      <Notice tone={im.state === "taken-back" ? "neutral" : "success"}>
        {im.state === "taken-back" ? (
          <>
            已由 {im.taken_by} 于 <Instant at={im.taken_at} /> 撤回：
          </>
        ) : (
          "导入完成："
        )}
        {Object.entries(im.tally)
          .filter(([, n]) => n > 0)
          .map(([result, n]) => `${resultWords[result] ?? result} ${formatCount(n)} 个`)
          .join("，")}
        。
      </Notice>
      <div className="x-form-actions x-import-actions">
        {im.allowed.includes("take-back") && <Button onClick={() => setTaking(true)}>撤回本次导入</Button>}
        <Result im={im} />
        <Button href={`/w/${office}/ledger?unit=${im.unit}&round=${im.round}`}>查看台账</Button>
        {im.state === "done" && (
          <Button type="primary" loading={known.pending} onClick={() => known.send(undefined)}>
            已核对结果
          </Button>
        )}
      </div>
      <RowList im={im} />
      {taking && <TakeBack im={im} onClose={() => setTaking(false)} />}
    </>
  );
}

function Result({ im }: { im: Import }): ReactNode {
  const { office } = useSession();
  const [busy, setBusy] = useState(false);
  const save = async () => {
    setBusy(true);
    try {
      const response = await sendRaw(`/v1/offices/${office}/imports/${im.id}/result.xlsx`, {});
      saveBlob(await response.blob(), `${im.unit_name}_导入结果_${im.made_at.slice(0, 10)}.xlsx`);
    } catch (thrown) {
      sayProblem(thrown);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Button loading={busy} onClick={() => void save()}>
      下载结果文件
    </Button>
  );
}

function TakeBack({ im, onClose }: { im: Import; onClose: () => void }): ReactNode {
  const { office } = useSession();
  const queries = useQueryClient();
  const [reason, setReason] = useState("");
  const write = useWrite({
    run: (sent: { reason: string; version: number }, key) =>
      answer(
        api.POST("/v1/offices/{office}/imports/{id}/take-back", {
          params: { path: { office, id: im.id } },
          headers: { ...ifMatch(sent.version), "Idempotency-Key": key },
          body: { reason: sent.reason },
        }),
      ),
    refresh: [itemsKey, importsKey, ["tasks"]],
    onDone: (made) => {
      queries.setQueryData(importQuery(office, im.id).queryKey, made);
      say("已撤回本次导入");
      onClose();
    },
  });
  return (
    <Modal
      open
      title="撤回本次导入"
      okText="撤回导入"
      cancelText="暂不撤回"
      confirmLoading={write.pending}
      {...untilComplete([reason.trim() === "" && "撤回理由"])}
      onOk={() => write.send({ reason, version: im.version })}
      onCancel={onClose}
    >
      <WriteProblem problem={write.problem} onTheirs={(version) => write.send({ reason, version })} />
      <p>本次新增的问题从台账撤下，本次更新的内容恢复原样；导入后有人办理过的问题保留，并在结果中列出。</p>
      <label htmlFor="take-back-reason">
        撤回理由
        <Input
          id="take-back-reason"
          maxLength={200}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
      </label>
    </Modal>
  );
}
