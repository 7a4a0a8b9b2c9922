import { Button, Input, Modal } from "antd";
import { type ReactNode, useState } from "react";
import {
  answer,
  api,
  Deadline,
  Facts,
  Instant,
  ifMatch,
  Lines,
  NO_DATA,
  StatusTag,
  say,
  untilComplete,
  useSession,
  useWrite,
  WriteProblem,
} from "@/parts";
import { boardStates, type Matter, refreshed } from "./data";

/** One matter on the board, and how it comes off. */
export function MatterCard({ matter, plain }: { matter: Matter; plain?: boolean }): ReactNode {
  const { office } = useSession();
  const [removing, setRemoving] = useState(false);
  const below = matter.office === office ? "" : `?below=${matter.office}`;
  return (
    <>
      <Facts
        facts={[
          ["状态", <StatusTag key="state" words={boardStates} state={matter.state} />],
          ["挂牌单位", matter.issuer],
          ["牵头领导", matter.leader],
          ["办结期限", <Deadline key="due" due={matter.due_on} />],
          ["责任地区", matter.office_name],
          [
            "整改事项",
            <ItemLink key="item" matter={matter} href={`/w/${office}/ledger/${matter.item}${below}`} plain={plain} />,
          ],
          [
            "挂牌",
            <span key="listed">
              {matter.listed_by} <Instant at={matter.listed_at} />
            </span>,
          ],
          ["督办事项", <Lines key="matter" text={matter.matter} />, "wide"],
          ["摘牌条件", <Lines key="conditions" text={matter.conditions} />, "wide"],
          ...(matter.removed_at
            ? ([
                [
                  "摘牌",
                  <span key="removed">
                    {matter.removed_by} <Instant at={matter.removed_at} />：{matter.reason}
                  </span>,
                  "wide",
                ],
              ] as const)
            : []),
        ]}
      />
      {matter.allowed.includes("remove") && (
        <div className="x-form-actions">
          <Button onClick={() => setRemoving(true)}>摘牌</Button>
        </div>
      )}
      {removing && <RemoveDialog matter={matter} onClose={() => setRemoving(false)} />}
    </>
  );
}

function ItemLink({ matter, href, plain }: { matter: Matter; href: string; plain?: boolean | undefined }): ReactNode {
  if (!matter.item) return NO_DATA;
  return plain ? matter.item_number : <a href={href}>{matter.item_number}</a>;
}

function RemoveDialog({ matter, onClose }: { matter: Matter; onClose: () => void }): ReactNode {
  const { office } = useSession();
  const [reason, setReason] = useState("");
  const write = useWrite({
    run: (version: number, key) =>
      answer(
        api.POST("/v1/offices/{office}/board/{listing}/remove", {
          params: { path: { office, listing: matter.id } },
          headers: { ...ifMatch(version), "Idempotency-Key": key },
          body: { reason },
        }),
      ),
    refresh: refreshed,
    onDone: () => {
      say(`已摘牌：${matter.number}`);
      onClose();
    },
  });
  return (
    <Modal
      open
      title={`摘牌 ${matter.number}`}
      okText="摘牌"
      cancelText="暂不摘牌"
      confirmLoading={write.pending}
      {...untilComplete([reason.trim() === "" && "摘牌理由"])}
      onOk={() => write.send(matter.version)}
      onCancel={onClose}
    >
      <WriteProblem problem={write.problem} onTheirs={(version) => write.send(version)} />
      <p className="x-hint">摘牌条件：{matter.conditions}</p>
      <label htmlFor="board-reason">
        摘牌理由
        <Input.TextArea
          id="board-reason"
          autoSize={{ minRows: 2, maxRows: 6 }}
          maxLength={1000}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
      </label>
    </Modal>
  );
}
