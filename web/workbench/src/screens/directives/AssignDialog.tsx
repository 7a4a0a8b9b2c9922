import { useQuery } from "@tanstack/react-query";
import { Input, Modal, Select } from "antd";
import { type ReactNode, useState } from "react";
import { answer, api, say, today, untilComplete, useSession, useWrite, WriteProblem } from "@/parts";
import { DayPicker } from "@/parts/DayPicker";
import { unitsQuery } from "../rectification/data";
import { refreshed } from "./data";

/** 登记交办: who was named at which meeting, what for, by when. */
export function AssignDialog({ onClose }: { onClose: () => void }): ReactNode {
  const { office } = useSession();
  const units = useQuery(unitsQuery({ office, below: undefined })).data;
  const [form, setForm] = useState({
    unit: "",
    meeting: "",
    on: today() as string,
    person: "",
    matter: "",
    due: "",
  });
  const write = useWrite({
    run: (_: undefined, key) =>
      answer(
        api.POST("/v1/offices/{office}/directives", {
          params: { path: { office } },
          headers: { "Idempotency-Key": key },
          body: {
            unit: form.unit,
            meeting: form.meeting,
            meeting_on: form.on,
            person: form.person,
            matter: form.matter,
            due_on: form.due,
          },
        }),
      ),
    refresh: refreshed,
    onDone: ({ unit_name }) => {
      say(`已交办：${unit_name}`);
      onClose();
    },
  });
  const missing = [
    form.unit === "" && "责任单位",
    form.meeting.trim() === "" && "会议",
    form.on === "" && "会议日期",
    form.person.trim() === "" && "点到的人",
    form.matter.trim() === "" && "交办事项",
    form.due === "" && "办理期限",
  ];
  return (
    <Modal
      open
      title="登记交办"
      okText="登记交办"
      cancelText="暂不登记"
      confirmLoading={write.pending}
      {...untilComplete(missing)}
      onOk={() => write.send(undefined)}
      onCancel={onClose}
    >
      <WriteProblem problem={write.problem} />
      <p className="x-hint">登记后责任单位即可看到并答复，其他单位和上级看不到。</p>
      <div className="x-form-grid">
        <label htmlFor="directive-meeting">
          会议
          <Input
            id="directive-meeting"
            maxLength={100}
            placeholder="书记专题会议"
            value={form.meeting}
            onChange={(event) => setForm({ ...form, meeting: event.target.value })}
          />
        </label>
        <label htmlFor="directive-on">
          会议日期
          <DayPicker
            id="directive-on"
            value={form.on}
            max={today()}
            onChange={(day) => setForm({ ...form, on: day ?? "" })}
          />
        </label>
        <label htmlFor="directive-unit">
          责任单位
          <Select
            id="directive-unit"
            showSearch
            optionFilterProp="label"
            options={(units ?? []).map(({ id, name }) => ({ value: id, label: name }))}
            value={form.unit || undefined}
            onChange={(unit: string) => setForm({ ...form, unit })}
          />
        </label>
        <label htmlFor="directive-person">
          点到的人
          <Input
            id="directive-person"
            maxLength={100}
            placeholder="姓名、职务"
            value={form.person}
            onChange={(event) => setForm({ ...form, person: event.target.value })}
          />
        </label>
        <label className="x-wide" htmlFor="directive-matter">
          交办事项
          <Input.TextArea
            id="directive-matter"
            autoSize={{ minRows: 3, maxRows: 8 }}
            maxLength={1000}
            value={form.matter}
            onChange={(event) => setForm({ ...form, matter: event.target.value })}
          />
        </label>
        <label htmlFor="directive-due">
          办理期限
          <DayPicker
            id="directive-due"
            value={form.due}
            min={today()}
            onChange={(day) => setForm({ ...form, due: day ?? "" })}
          />
        </label>
      </div>
    </Modal>
  );
}
