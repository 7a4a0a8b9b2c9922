import { Button, Input, Modal } from "antd";
import { type ReactNode, useState } from "react";
import {
  Day,
  Deadline,
  Facts,
  Instant,
  Lines,
  StatusTag,
  say,
  untilComplete,
  useSession,
  useWrite,
  WriteProblem,
} from "@/parts";
import { type Act, type Directive, directiveStates, doDirective, refreshed } from "./data";

const acts: readonly Act[] = ["withdraw", "return", "answer", "close"];

const words: Readonly<Record<Act, { name: string; cancel: string; field: string; done: string; most: number }>> = {
  answer: { name: "提交答复", cancel: "暂不提交", field: "办理情况", done: "已答复", most: 2000 },
  return: { name: "退回补充", cancel: "暂不退回", field: "需补充的内容", done: "已退回补充", most: 1000 },
  close: { name: "办结", cancel: "暂不办结", field: "办结意见", done: "已办结", most: 1000 },
  withdraw: { name: "撤回交办", cancel: "暂不撤回", field: "撤回原因", done: "已撤回", most: 1000 },
};

/** One task from a meeting of the secretary, and what may be done with it. */
export function DirectiveCard({ directive }: { directive: Directive }): ReactNode {
  const [doing, setDoing] = useState<Act | null>(null);
  const offered = acts.filter((act) => directive.allowed.includes(act));
  return (
    <>
      <Facts
        facts={[
          ["状态", <StatusTag key="state" words={directiveStates} state={directive.state} />],
          ["办理期限", <Deadline key="due" due={directive.due_on} />],
          ["点到的人", directive.person],
          ["责任单位", directive.unit_name],
          [
            "会议",
            <span key="meeting">
              {directive.meeting} <Day day={directive.meeting_on} />
            </span>,
          ],
          ["交办", <By key="assigned" who={directive.assigned_by} at={directive.assigned_at} />],
          ["交办事项", <Lines key="matter" text={directive.matter} />, "wide"],
          ...(directive.answered_at
            ? ([
                ["办理情况", <Lines key="answer" text={directive.answer} />, "wide"],
                ["答复", <By key="answered" who={directive.answered_by} at={directive.answered_at} />],
              ] as const)
            : []),
          ...(directive.noted_at
            ? ([
                ["巡察办意见", <Lines key="note" text={directive.note} />, "wide"],
                ["办理", <By key="noted" who={directive.noted_by} at={directive.noted_at} />],
              ] as const)
            : []),
        ]}
      />
      {offered.length > 0 && (
        <div className="x-form-actions">
          {offered.map((act) => (
            <Button
              key={act}
              type={act === "answer" || act === "close" ? "primary" : "default"}
              onClick={() => setDoing(act)}
            >
              {words[act].name}
            </Button>
          ))}
        </div>
      )}
      {doing && <ActDialog directive={directive} act={doing} onClose={() => setDoing(null)} />}
    </>
  );
}

function By({ who, at }: { who: string; at: string }): ReactNode {
  return (
    <>
      {who} <Instant at={at} />
    </>
  );
}

function ActDialog({ directive, act, onClose }: { directive: Directive; act: Act; onClose: () => void }): ReactNode {
  const { office } = useSession();
  const [text, setText] = useState("");
  const { name, cancel, field, done, most } = words[act];
  const write = useWrite({
    run: (version: number, key) => doDirective(office, directive, act, version, text, key),
    refresh: refreshed,
    onDone: () => {
      say(`${done}：${directive.unit_name}`);
      onClose();
    },
  });
  return (
    <Modal
      open
      title={name}
      okText={name}
      cancelText={cancel}
      confirmLoading={write.pending}
      {...untilComplete([text.trim() === "" && field])}
      onOk={() => write.send(directive.version)}
      onCancel={onClose}
    >
      <WriteProblem problem={write.problem} onTheirs={(version) => write.send(version)} />
      <p className="x-hint">{directive.matter}</p>
      <label htmlFor="directive-text">
        {field}
        <Input.TextArea
          id="directive-text"
          autoSize={{ minRows: 3, maxRows: 10 }}
          maxLength={most}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      </label>
    </Modal>
  );
}
