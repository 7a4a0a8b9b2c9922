import { useQuery } from "@tanstack/react-query";
import { Modal, Select } from "antd";
import { type ReactNode, useState } from "react";
import { ProblemNotice, roleNames, today, untilComplete, useSession } from "@/parts";
import { DayPicker } from "@/parts/DayPicker";
import { inspectorsQuery } from "./data";

/** Who goes, and when. */
export interface Assigning {
  first: string;
  second: string;
  planned_on: string;
}

/** 指派检查人: two inspectors and a day. The unit sees nothing of it. */
export function AssignDialog({
  count,
  onDone,
}: {
  count: number;
  onDone: (chosen: Assigning | null) => void;
}): ReactNode {
  const { office } = useSession();
  const inspectors = useQuery(inspectorsQuery(office));
  const [form, setForm] = useState({ first: "", second: "", planned_on: "" });
  const options = (inspectors.data ?? []).map(({ id, name, post, role }) => ({
    value: id,
    label: `${name}（${post || roleNames[role]}）`,
  }));
  const missing = [
    form.first === "" && "第一检查人",
    form.second === "" && "第二检查人",
    form.planned_on === "" && "计划日期",
    form.first !== "" && form.first === form.second && "另一名检查人",
  ];
  const field = (key: "first" | "second", label: string) => (
    <label htmlFor={`assign-${key}`}>
      {label}
      <Select
        id={`assign-${key}`}
        showSearch={{ optionFilterProp: "label" }}
        options={options}
        value={form[key] || undefined}
        onChange={(value: string) => setForm({ ...form, [key]: value })}
      />
    </label>
  );
  return (
    <Modal
      open
      title={`指派检查人（${count} 项）`}
      okText="指派检查人"
      cancelText="暂不指派"
      {...untilComplete(missing)}
      onOk={() => onDone(form)}
      onCancel={() => onDone(null)}
    >
      {inspectors.error && <ProblemNotice problem={inspectors.error} retry={() => void inspectors.refetch()} />}
      <p className="x-hint">两人一同检查。被检查单位看不到计划、抽样和检查人，确认结论后才能看到结论。</p>
      <div className="x-form-grid">
        {field("first", "第一检查人")}
        {field("second", "第二检查人")}
        <label htmlFor="assign-day">
          计划日期
          <DayPicker
            id="assign-day"
            value={form.planned_on}
            min={today()}
            onChange={(day) => setForm({ ...form, planned_on: day ?? "" })}
          />
        </label>
      </div>
    </Modal>
  );
}
