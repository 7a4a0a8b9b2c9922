import { Input } from "antd";
import type { ReactNode } from "react";
import {
  answer,
  api,
  Day,
  Facts,
  ifMatch,
  Lines,
  NO_DATA,
  Panel,
  ReadyButton,
  today,
  useSession,
  useWriting,
} from "@/parts";
import { DayPicker } from "@/parts/DayPicker";
import { type Plan, plansKey } from "./data";

interface Form {
  organised: string;
  meeting_on: string | null;
  meeting_note: string;
}

const fields = [
  ["organised", "组织领导"],
  ["meeting_on", "整改专题民主生活会"],
  ["meeting_note", "民主生活会情况"],
] as const;

/** What the plan says beside the measures. Typed text stays in this browser until it is saved. */
export function Frame({ plan }: { plan: Plan }): ReactNode {
  if (plan.allowed.includes("edit")) return <Editor plan={plan} />;
  const { organised, meeting_on, meeting_note } = plan.content;
  return (
    <Panel title="组织领导">
      <Lines text={organised || NO_DATA} />
      <Facts
        facts={[
          ["整改专题民主生活会", <Day key="day" day={meeting_on} />],
          ["会议情况", meeting_note && <Lines key="note" text={meeting_note} />, "wide"],
        ]}
      />
    </Panel>
  );
}

function Editor({ plan }: { plan: Plan }): ReactNode {
  const { office } = useSession();
  const { form, change, save, dirty, pending, notices } = useWriting<Plan, Form>({
    row: plan,
    formOf: ({ organised, meeting_on, meeting_note }) => ({ organised, meeting_on, meeting_note }),
    draft: `plan:${plan.id}`,
    fields,
    refresh: [plansKey],
    done: "已保存整改方案",
    send: ({ meeting_on, ...rest }, version) =>
      answer(
        api.PATCH("/v1/offices/{office}/plans/{id}", {
          params: { path: { office, id: plan.id } },
          headers: ifMatch(version),
          body: { ...rest, meeting_on: meeting_on ?? undefined },
        }),
      ),
  });
  return (
    <Panel title="组织领导">
      {notices}
      <div className="x-form-column">
        <label htmlFor="organised">
          组织领导（谁负总责、谁具体抓、多久调度一次）
          <Input.TextArea
            id="organised"
            autoSize={{ minRows: 4, maxRows: 16 }}
            maxLength={5000}
            value={form.organised}
            onChange={(event) => change({ organised: event.target.value })}
          />
        </label>
        <label htmlFor="meeting-on">
          整改专题民主生活会召开日期
          <DayPicker
            id="meeting-on"
            max={today()}
            value={form.meeting_on}
            onChange={(day) => change({ meeting_on: day })}
          />
        </label>
        <label htmlFor="meeting-note">
          会议情况
          <Input.TextArea
            id="meeting-note"
            autoSize={{ minRows: 2, maxRows: 8 }}
            maxLength={2000}
            value={form.meeting_note}
            onChange={(event) => change({ meeting_note: event.target.value })}
          />
        </label>
        <div className="x-form-actions">
          <ReadyButton what={[!dirty && "修改的内容"]} loading={pending} onClick={save}>
            保存
          </ReadyButton>
        </div>
      </div>
    </Panel>
  );
}
