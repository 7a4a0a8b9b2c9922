import { Button, Input } from "antd";
import type { ReactNode } from "react";
import { answer, api, ifMatch, Panel, useSession, useWriting } from "@/parts";
import { type Report, reportsKey } from "./data";

interface Form {
  overall: string;
  next_steps: string;
}

const fields = [
  ["overall", "总体情况"],
  ["next_steps", "下步打算"],
] as const;

/** The two paragraphs that people write; all else of a report comes from the records. */
export function Writing({ report }: { report: Report }): ReactNode {
  const { office } = useSession();
  const { form, change, save, dirty, pending, notices } = useWriting<Report, Form>({
    row: report,
    formOf: ({ overall, next_steps }) => ({ overall, next_steps }),
    draft: `report:${report.id}`,
    fields,
    refresh: [reportsKey],
    done: "已保存报告",
    send: (body, version) =>
      answer(
        api.PATCH("/v1/offices/{office}/reports/{id}", {
          params: { path: { office, id: report.id ?? "" } },
          headers: ifMatch(version),
          body,
        }),
      ),
  });
  return (
    <Panel title="总体情况和下步打算">
      {notices}
      <div className="x-form-column">
        <label htmlFor="report-overall">
          总体情况（数字不用写，按台账自动列在后面）
          <Input.TextArea
            id="report-overall"
            autoSize={{ minRows: 4, maxRows: 16 }}
            maxLength={5000}
            value={form.overall}
            onChange={(event) => change({ overall: event.target.value })}
          />
        </label>
        <label htmlFor="report-next">
          下步打算
          <Input.TextArea
            id="report-next"
            autoSize={{ minRows: 3, maxRows: 16 }}
            maxLength={5000}
            value={form.next_steps}
            onChange={(event) => change({ next_steps: event.target.value })}
          />
        </label>
        <div className="x-form-actions">
          <Button disabled={!dirty} loading={pending} onClick={save}>
            保存
          </Button>
        </div>
      </div>
    </Panel>
  );
}
