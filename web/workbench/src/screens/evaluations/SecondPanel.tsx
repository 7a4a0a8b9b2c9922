import { Button } from "antd";
import { type ReactNode, useState } from "react";
import {
  answer,
  api,
  Deadline,
  Facts,
  Instant,
  ifMatch,
  Lines,
  NumberCell,
  Panel,
  rectificationStates,
  StatusTag,
  useSession,
} from "@/parts";
import { itemHref } from "../rectification/addresses";
import type { Evaluation, Second } from "./data";
import { SayDialog, type Saying } from "./SayDialog";
import { secondStates } from "./words";

type Doing = "report" | "return" | "confirm";

const words: Readonly<Record<Doing, Saying>> = {
  report: { title: "报告完成", label: "完成情况", done: "已报告二次整改完成情况", cancel: "暂不报告" },
  return: { title: "退回", label: "还需整改的内容", done: "已退回继续整改", cancel: "暂不退回" },
  confirm: { title: "确认完成", label: "说明", done: "已确认二次整改完成", cancel: "暂不确认" },
};

/** 二次整改: what is asked, by when, and what came of it. */
export function SecondPanel({ one, second }: { one: Evaluation; second: Second }): ReactNode {
  const session = useSession();
  const [doing, setDoing] = useState<Doing | null>(null);
  const open = second.state === "ordered" || second.state === "returned";
  return (
    <Panel title="二次整改" extra={<StatusTag words={secondStates} state={second.state} />}>
      <Facts
        facts={[
          ["整改要求", <Lines key="text" text={second.text} />, "wide"],
          ["期限", open ? <Deadline key="due" due={second.due_on} /> : second.due_on],
          ["责令", second.ordered_by],
          [
            "整改事项",
            <ul key="items" className="x-evaluation-links">
              {second.items.map((item) => (
                <li key={item.id}>
                  <NumberCell number={item.number} href={itemHref(session, item.id)} />{" "}
                  <StatusTag words={rectificationStates} state={item.state} />
                </li>
              ))}
            </ul>,
            "wide",
          ],
          ...(second.report ? [["完成情况", <Lines key="report" text={second.report} />, "wide"] as const] : []),
          ...(second.note
            ? [
                [
                  "办理意见",
                  <span key="note">
                    {second.note} <Instant at={second.decided_at} />
                  </span>,
                  "wide",
                ] as const,
              ]
            : []),
        ]}
      />
      <div className="x-form-actions">
        {second.allowed.includes("return") && <Button onClick={() => setDoing("return")}>退回</Button>}
        {second.allowed.includes("confirm") && (
          <Button type="primary" onClick={() => setDoing("confirm")}>
            确认完成
          </Button>
        )}
        {second.allowed.includes("report") && (
          <Button type="primary" onClick={() => setDoing("report")}>
            报告完成
          </Button>
        )}
      </div>
      {doing && <SecondDialog one={one} second={second} as={doing} onClose={() => setDoing(null)} />}
    </Panel>
  );
}

function SecondDialog({
  one,
  second,
  as,
  onClose,
}: {
  one: Evaluation;
  second: Second;
  as: Doing;
  onClose: () => void;
}): ReactNode {
  const { office } = useSession();
  return (
    <SayDialog
      words={words[as]}
      unit={one.unit_name}
      version={second.version}
      required={as !== "confirm"}
      limit={as === "report" ? 5000 : 1000}
      run={(text, version, key) => {
        const params = { path: { office, id: second.id } };
        const headers = { ...ifMatch(version), "Idempotency-Key": key };
        const note = { params, headers, body: { note: text } };
        const send = {
          report: () =>
            api.POST("/v1/offices/{office}/second-rectifications/{id}/report", { params, headers, body: { text } }),
          return: () => api.POST("/v1/offices/{office}/second-rectifications/{id}/return", note),
          confirm: () => api.POST("/v1/offices/{office}/second-rectifications/{id}/confirm", note),
        }[as];
        return answer(send());
      }}
      onClose={onClose}
    />
  );
}
