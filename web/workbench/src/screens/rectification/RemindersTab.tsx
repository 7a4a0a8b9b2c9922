import { useQuery } from "@tanstack/react-query";
import { Button, Input, Modal } from "antd";
import { type ReactNode, useState } from "react";
import {
  answer,
  api,
  Day,
  Empty,
  Instant,
  ifMatch,
  Notice,
  Panel,
  ProblemNotice,
  type Role,
  roleNames,
  StatusTag,
  say,
  sayProblem,
  Tag,
  untilComplete,
  useRole,
  useSession,
  useWrite,
  WriteProblem,
} from "@/parts";
import { type Chain, chainQuery, type Reminder, reminderStates } from "../reminders/data";
import { type ItemPage, itemsKey } from "./data";

/** 催办: the ladder of an item, what was sent and what comes when; the director can hold it. */
export function RemindersTab({ item }: { item: ItemPage }): ReactNode {
  const { office, below } = useSession();
  const director = useRole("DIR") && below === undefined;
  const staff = useRole("OFF", "DIR", "CITY", "PROV") && below === undefined;
  const { data: chain, error, refetch } = useQuery(chainQuery(office, below, item.id));
  const [holding, setHolding] = useState(false);
  const release = useWrite({
    run: (version: number, key) =>
      answer(
        api.POST("/v1/offices/{office}/items/{id}/reminders/release", {
          params: { path: { office, id: item.id } },
          headers: { ...ifMatch(version), "Idempotency-Key": key },
        }),
      ),
    refresh: [itemsKey],
    onDone: () => say("催办已恢复"),
    onProblem: sayProblem,
  });
  if (error) return <ProblemNotice problem={error} retry={() => void refetch()} />;
  if (!chain) return null;
  const held = chain.hold_reason !== "";
  return (
    <Panel
      title="催办阶梯"
      extra={
        director &&
        (held ? (
          <Button loading={release.pending} onClick={() => release.send(chain.version)}>
            恢复催办
          </Button>
        ) : (
          <Button onClick={() => setHolding(true)}>暂停催办</Button>
        ))
      }
    >
      {held && <Notice tone="warning">催办已暂停：{chain.hold_reason}</Notice>}
      {!held && !chain.running && <p className="x-hint">审核中或已办结，催办不运行</p>}
      <Ladder chain={chain} staff={staff} />
      {holding && <HoldDialog item={item} version={chain.version} onClose={() => setHolding(false)} />}
    </Panel>
  );
}

function Ladder({ chain, staff }: { chain: Chain; staff: boolean }): ReactNode {
  if (chain.sent.length === 0 && chain.coming.length === 0) return <Empty>还没有催办。</Empty>;
  return (
    <div className="x-scroll">
      <table className="x-table">
        <thead>
          <tr>
            <th scope="col">步骤</th>
            <th scope="col">文书</th>
            <th scope="col">日期</th>
            <th scope="col">状态</th>
            <th scope="col">签发</th>
            <th scope="col">签收</th>
          </tr>
        </thead>
        <tbody>
          {chain.sent.map((letter) => (
            <tr key={letter.id}>
              <th scope="row">{letter.rung.split(" ")[0]}</th>
              <td>
                <LetterName letter={letter} />
                {letter.talk && letter.state === "sent" && (
                  <div className="x-hint">
                    {letter.talked ? (
                      <>
                        约谈 <Day day={letter.talked.held_on} />（{letter.talked.talked_to}）
                      </>
                    ) : (
                      staff && "待约谈"
                    )}
                  </div>
                )}
                {(letter.late || letter.note) && <div className="x-hint">{letter.note || "补发"}</div>}
              </td>
              <td>
                <Day day={letter.planned_on} />
              </td>
              <td>
                <StatusTag words={reminderStates} state={letter.state} />
                {letter.sent_at && (
                  <div className="x-hint">
                    <Instant at={letter.sent_at} />
                  </div>
                )}
              </td>
              <td>{letter.decided_by || "--"}</td>
              <td>
                {letter.receipts.length === 0 && !letter.gone && "--"}
                {letter.gone && <Tag tone="danger">收件人已调离</Tag>}
                {letter.receipts.map((receipt) => (
                  <div key={receipt.name + receipt.read_at}>
                    {receipt.name} 已阅 <Instant at={receipt.read_at} />
                    {receipt.signed_at && (
                      <>
                        ，签收 <Instant at={receipt.signed_at} />
                      </>
                    )}
                  </div>
                ))}
              </td>
            </tr>
          ))}
          {chain.coming.map((rung) => (
            <tr key={rung.rung + rung.on} className="x-hint">
              <th scope="row">{rung.rung}</th>
              <td>{rung.title}</td>
              <td>
                <Day day={rung.on} />
                {rung.provisional && <div>工作日历未公布，暂定</div>}
              </td>
              <td>待到期</td>
              <td>{rung.signer ? roleNames[rung.signer as Role] : "自动发送"}</td>
              <td>--</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

// A letter leads to its page. What lies in an office below is read there.
function LetterName({ letter }: { letter: Reminder }): ReactNode {
  const { office, below } = useSession();
  const unit = useRole("UNIT", "HEAD");
  const name = `${letter.title} ${letter.number}`;
  if (!letter.document || below !== undefined || letter.state === "skipped") return name;
  return <a href={`/w/${office}/${unit ? "reminders" : "letters"}/${letter.id}`}>{name}</a>;
}

function HoldDialog({ item, version, onClose }: { item: ItemPage; version: number; onClose: () => void }): ReactNode {
  const { office } = useSession();
  const [reason, setReason] = useState("");
  const write = useWrite({
    run: (sent: { reason: string; version: number }, key) =>
      answer(
        api.POST("/v1/offices/{office}/items/{id}/reminders/hold", {
          params: { path: { office, id: item.id } },
          headers: { ...ifMatch(sent.version), "Idempotency-Key": key },
          body: { reason: sent.reason },
        }),
      ),
    refresh: [itemsKey],
    onDone: () => {
      say("催办已暂停");
      onClose();
    },
  });
  return (
    <Modal
      open
      title={`暂停催办 ${item.number}`}
      okText="暂停催办"
      cancelText="继续催办"
      confirmLoading={write.pending}
      {...untilComplete([reason.trim() === "" && "暂停的理由"])}
      onOk={() => write.send({ reason, version })}
      onCancel={onClose}
    >
      <WriteProblem problem={write.problem} onTheirs={(latest) => write.send({ reason, version: latest })} />
      <label htmlFor="hold-reason">
        暂停的理由
        <Input id="hold-reason" maxLength={200} value={reason} onChange={(event) => setReason(event.target.value)} />
      </label>
    </Modal>
  );
}
