import { Checkbox, Input, Modal, Select } from "antd";
import { type ReactNode, useState } from "react";
import {
  answer,
  api,
  type components,
  ifMatch,
  optionsOf,
  rectificationKinds,
  say,
  untilComplete,
  useRole,
  useSession,
  useWrite,
  WriteProblem,
} from "@/parts";
import { DayPicker } from "@/parts/DayPicker";
import { type ItemPage, itemsKey, type Measure } from "./data";

type Edit = components["schemas"]["RectificationMeasureEdit"];

const fresh: Edit = {
  text: "",
  kind: "near",
  leader: "",
  department: "",
  person: "",
  helpers: "",
  progress: "",
  rules: "",
  remark: "",
};

const fields = [
  ["text", "整改措施"],
  ["leader", "责任领导"],
  ["department", "责任科室"],
  ["person", "责任人"],
  ["helpers", "协作单位"],
  ["due_on", "期限"],
  ["progress", "进展"],
  ["rules", "建章立制"],
  ["remark", "备注"],
] as const;

/** One measure. The unit may change all of it; the office says who does it and by when. */
export function MeasureDialog({
  item,
  measure,
  onClose,
}: {
  item: ItemPage;
  measure: Measure | "new";
  onClose: () => void;
}): ReactNode {
  const { office } = useSession();
  const ofUnit = useRole("UNIT", "HEAD");
  const before: Edit = measure === "new" ? fresh : editable(measure);
  const [form, setForm] = useState<Edit>(before);
  const change = (what: Edit) => setForm({ ...form, ...what });
  const changed = Object.fromEntries(
    Object.entries(form).filter(([key, value]) => value !== before[key as keyof Edit] && value !== null),
  ) as Edit;

  const write = useWrite({
    run: (version: number, key): Promise<unknown> => {
      const path = { office, id: item.id };
      return measure === "new"
        ? answer(
            api.POST("/v1/offices/{office}/items/{id}/measures", {
              params: { path },
              headers: { "Idempotency-Key": key },
              body: changed,
            }),
          )
        : answer(
            api.PATCH("/v1/offices/{office}/items/{id}/measures/{measure}", {
              params: { path: { ...path, measure: measure.id } },
              headers: ifMatch(version),
              body: "due_on" in changed && changed.due_on === undefined ? { ...changed, no_due: true } : changed,
            }),
          );
    },
    refresh: [itemsKey],
    onDone: () => {
      say(measure === "new" ? "已新增措施" : `已保存第 ${measure.seq} 项措施`);
      onClose();
    },
  });
  const version = measure === "new" ? 0 : measure.version;
  const input = (key: "leader" | "department" | "person" | "helpers", label: string, limit: number) => (
    <label htmlFor={key}>
      {label}
      <Input id={key} maxLength={limit} value={form[key]} onChange={(event) => change({ [key]: event.target.value })} />
    </label>
  );
  const area = (key: "text" | "progress" | "rules" | "remark", label: string, limit: number) => (
    <label className="x-wide" htmlFor={key}>
      {label}
      <Input.TextArea
        id={key}
        autoSize={{ minRows: key === "rules" || key === "remark" ? 1 : 2, maxRows: 8 }}
        maxLength={limit}
        value={form[key]}
        onChange={(event) => change({ [key]: event.target.value })}
      />
    </label>
  );
  return (
    <Modal
      open
      width={720}
      title={measure === "new" ? "新增措施" : `第 ${measure.seq} 项措施`}
      okText="保存措施"
      cancelText="暂不保存"
      confirmLoading={write.pending}
      {...untilComplete([form.text?.trim() === "" && "措施内容", Object.keys(changed).length === 0 && "修改的内容"])}
      onOk={() => write.send(version)}
      onCancel={onClose}
    >
      <WriteProblem
        problem={write.problem}
        mine={{ ...form }}
        fields={fields}
        onTheirs={(latest) => write.send(latest)}
      />
      <div className="x-form-grid">
        {ofUnit && area("text", "整改措施", 5000)}
        {input("leader", "责任领导", 100)}
        {input("department", "责任科室", 200)}
        {input("person", "责任人", 100)}
        {input("helpers", "协作单位", 500)}
        <label htmlFor="due_on">
          完成时限
          <DayPicker id="due_on" value={form.due_on} onChange={(day) => change({ due_on: day ?? undefined })} />
        </label>
        {ofUnit && (
          <>
            <label htmlFor="kind">
              整改类型
              <Select
                id="kind"
                value={form.kind}
                options={optionsOf(rectificationKinds)}
                onChange={(kind) => change({ kind })}
              />
            </label>
            {area("progress", "进展", 2000)}
            {area("rules", "建章立制", 1000)}
            {area("remark", "备注", 1000)}
            <Checkbox checked={form.done ?? false} onChange={(event) => change({ done: event.target.checked })}>
              本项措施已完成
            </Checkbox>
          </>
        )}
      </div>
    </Modal>
  );
}

function editable(m: Measure): Edit {
  const { text, kind, leader, department, person, helpers, due_on, progress, rules, remark, done } = m;
  return {
    text,
    kind,
    leader,
    department,
    person,
    helpers,
    due_on: due_on ?? undefined,
    progress,
    rules,
    remark,
    done,
  };
}
