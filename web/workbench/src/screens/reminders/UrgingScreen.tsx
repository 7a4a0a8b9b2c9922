import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { Button, Input, Modal } from "antd";
import { type ReactNode, useState } from "react";
import {
  answer,
  api,
  Deadline,
  Facts,
  Instant,
  Notice,
  Page,
  Panel,
  ProblemNotice,
  StatusTag,
  say,
  TakeOut,
  untilComplete,
  useSession,
  useWrite,
  WriteProblem,
} from "@/parts";
import { remindersKey, type Urging, urgingQuery, urgingStates } from "./data";
import { Paper } from "./Paper";
import "./reminders.css";

/** One letter of an office above to one below: signed by the one, signed for by the other. */
export default function UrgingScreen(): ReactNode {
  const { id } = useParams({ strict: false }) as { id: string };
  const { office } = useSession();
  const { data: urging, error, refetch } = useQuery(urgingQuery(office, id));
  const [dropping, setDropping] = useState(false);
  const write = useWrite({
    run: (act: "sign" | "receipt", key) => {
      const params = { params: { path: { office, id } }, headers: { "Idempotency-Key": key } };
      return answer(
        act === "sign"
          ? api.POST("/v1/offices/{office}/urgings/{id}/sign", params)
          : api.POST("/v1/offices/{office}/urgings/{id}/receipt", params),
      );
    },
    refresh: [remindersKey, ["tasks"]],
    onDone: ({ title, number }, act) => say(`${act === "sign" ? "已签发" : "已签收"}：${title} ${number}`),
  });
  return (
    <Page
      title={urging ? `${urging.title} ${urging.number}` : "上级督办"}
      crumb={urging?.number || urging?.item}
      width="reading"
      note={urging && `${urging.issuer}督办${urging.recipient}`}
      actions={
        <>
          {urging?.allowed.includes("sign") && (
            <>
              <Button onClick={() => setDropping(true)}>不发此件</Button>
              <Button type="primary" loading={write.pending} onClick={() => write.send("sign")}>
                签发文书
              </Button>
            </>
          )}
          {urging?.allowed.includes("receive") && (
            <Button type="primary" loading={write.pending} onClick={() => write.send("receipt")}>
              签收
            </Button>
          )}
        </>
      }
    >
      {error && <ProblemNotice problem={error} retry={() => void refetch()} />}
      <WriteProblem problem={write.problem} />
      {urging?.digest && !urging.intact && (
        <Notice tone="danger">正文与签发时的摘要不一致，请勿使用，联系单位管理员核对日志。</Notice>
      )}
      {urging?.text && (
        <Panel>
          <Paper text={urging.text} />
          <div className="x-letter-tools x-no-print">
            <TakeOut
              take={() =>
                api.POST("/v1/offices/{office}/urgings/{id}/export", {
                  parseAs: "blob",
                  params: { path: { office, id: urging.id } },
                })
              }
            />
            {urging.digest && <span className="x-hint">正文摘要 {urging.digest.slice(0, 16)}</span>}
          </div>
          <Facts
            facts={[
              ["整改事项", urging.item],
              ["责任单位", urging.unit_name],
              ["整改期限", <Deadline key="due" due={urging.due_on} />],
              ["状态", <StatusTag key="state" words={urgingStates} state={urging.state} />],
              ["签发", urging.decided_by],
              ["发出", <Instant key="sent" at={urging.sent_at} />],
              ...(urging.note ? [["不发的理由", urging.note] as const] : []),
              ["签收", urging.received_by],
              ["签收时间", <Instant key="received" at={urging.received_at} />],
            ]}
          />
        </Panel>
      )}
      {urging && dropping && <Drop urging={urging} onClose={() => setDropping(false)} />}
    </Page>
  );
}

function Drop({ urging, onClose }: { urging: Urging; onClose: () => void }): ReactNode {
  const { office } = useSession();
  const [reason, setReason] = useState("");
  const write = useWrite({
    run: (body: { reason: string }, key) =>
      answer(
        api.POST("/v1/offices/{office}/urgings/{id}/drop", {
          params: { path: { office, id: urging.id } },
          headers: { "Idempotency-Key": key },
          body,
        }),
      ),
    refresh: [remindersKey, ["tasks"]],
    onDone: () => {
      say(`不发：${urging.item} ${urging.title}`);
      onClose();
    },
  });
  return (
    <Modal
      open
      title={`不发 ${urging.title} ${urging.item}`}
      okText="不发此件"
      cancelText="暂不决定"
      confirmLoading={write.pending}
      {...untilComplete([reason.trim() === "" && "不发的理由"])}
      onOk={() => write.send({ reason })}
      onCancel={onClose}
    >
      <WriteProblem problem={write.problem} />
      <label htmlFor="urging-reason">
        不发的理由
        <Input id="urging-reason" maxLength={200} value={reason} onChange={(event) => setReason(event.target.value)} />
      </label>
    </Modal>
  );
}
