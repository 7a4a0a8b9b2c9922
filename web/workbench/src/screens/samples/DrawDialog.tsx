import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Checkbox, Input, InputNumber, Modal } from "antd";
import { type ReactNode, useState } from "react";
import { answer, api, say, today, untilComplete, useRole, useSession, useWrite, WriteProblem } from "@/parts";
import { DayPicker } from "@/parts/DayPicker";
import { commonIssuesQuery } from "../linkage/data";
import { refreshed } from "./data";

/** 抽查已销号事项: from which offices, closed when, how many. */
export function DrawDialog({ onClose }: { onClose: () => void }): ReactNode {
  const { office } = useSession();
  const navigate = useNavigate();
  const level = useRole("PROV") ? "city" : "county";
  const tree = useQuery(commonIssuesQuery(office)).data?.offices;
  const below = (tree ?? []).filter((each) => each.slug !== office && each.level === level);
  const [chosen, setChosen] = useState<string[] | null>(null);
  const [form, setForm] = useState({
    name: `${today().slice(0, 4)}年已销号事项抽查`,
    from: `${today().slice(0, 4)}-01-01`,
    to: today() as string,
    share: null as number | null,
  });
  const offices = chosen ?? below.map(({ slug }) => slug);
  const write = useWrite({
    run: (_: undefined, key) =>
      answer(
        api.POST("/v1/offices/{office}/samples", {
          params: { path: { office } },
          headers: { "Idempotency-Key": key },
          body: {
            name: form.name,
            offices,
            closed_from: form.from,
            closed_to: form.to,
            share: form.share ?? undefined,
          },
        }),
      ),
    refresh: refreshed,
    onDone: ({ id, counts }) => {
      say(`已抽取 ${counts.all} 项`);
      void navigate({ to: `/w/${office}/samples/${id}` });
    },
  });
  const missing = [
    form.name.trim() === "" && "名称",
    offices.length === 0 && "被抽查单位",
    form.from === "" && "销号日期起",
    form.to === "" && "销号日期止",
  ];
  return (
    <Modal
      open
      title="抽查已销号事项"
      okText="抽取事项"
      cancelText="暂不抽查"
      confirmLoading={write.pending}
      {...untilComplete(missing)}
      onOk={() => write.send(undefined)}
      onCancel={onClose}
    >
      <WriteProblem problem={write.problem} />
      <p className="x-hint">
        存疑和逾期销号的全部抽取，其余按比例抽签，另一次抽查尚未核查的不重复抽取。抽取后下级巡察办即可看到名单，单位看不到；种子随名单保存，双方都可据此重新抽取核对。抽取后不能重抽。
      </p>
      <div className="x-form-grid">
        <label className="x-wide" htmlFor="sample-name">
          名称
          <Input
            id="sample-name"
            maxLength={100}
            value={form.name}
            onChange={(event) => setForm({ ...form, name: event.target.value })}
          />
        </label>
        <label htmlFor="sample-from">
          销号日期起
          <DayPicker
            id="sample-from"
            value={form.from}
            max={today()}
            onChange={(day) => setForm({ ...form, from: day ?? "" })}
          />
        </label>
        <label htmlFor="sample-to">
          销号日期止
          <DayPicker
            id="sample-to"
            value={form.to}
            max={today()}
            onChange={(day) => setForm({ ...form, to: day ?? "" })}
          />
        </label>
        <label htmlFor="sample-share">
          抽签比例（%）
          <InputNumber
            id="sample-share"
            min={1}
            max={100}
            precision={0}
            placeholder="按本单位规定"
            value={form.share}
            onChange={(share) => setForm({ ...form, share })}
          />
        </label>
      </div>
      <fieldset>
        <legend>被抽查单位</legend>
        <Checkbox.Group
          value={offices}
          options={below.map(({ slug, name }) => ({ value: slug, label: name }))}
          onChange={(slugs) => setChosen(slugs as string[])}
        />
      </fieldset>
    </Modal>
  );
}
