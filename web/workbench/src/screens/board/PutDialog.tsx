import { useQuery } from "@tanstack/react-query";
import { Input, Modal, Select } from "antd";
import { type ReactNode, useState } from "react";
import { answer, api, say, today, untilComplete, useRole, useSession, useWrite, WriteProblem } from "@/parts";
import { DayPicker } from "@/parts/DayPicker";
import { commonIssuesQuery } from "../linkage/data";
import { refreshed } from "./data";

/** An item of an office below that is to go on the board. */
export interface ListedItem {
  id: string;
  number: string;
  office: string;
}

/** 挂牌督办: an item of an office below, or a matter there that is none. */
export function PutDialog({ item, onClose }: { item?: ListedItem; onClose: () => void }): ReactNode {
  const { office } = useSession();
  const level = useRole("PROV") ? "city" : "county";
  const tree = useQuery(commonIssuesQuery(office)).data?.offices;
  const below = (tree ?? []).filter((each) => each.slug !== office && each.level === level);
  const [form, setForm] = useState({ office: item?.office ?? "", matter: "", leader: "", due: "", conditions: "" });
  const write = useWrite({
    run: (_: undefined, key) =>
      answer(
        api.POST("/v1/offices/{office}/board", {
          params: { path: { office } },
          headers: { "Idempotency-Key": key },
          body: {
            office: form.office,
            item: item?.id,
            matter: form.matter,
            leader: form.leader,
            due_on: form.due,
            conditions: form.conditions,
          },
        }),
      ),
    refresh: refreshed,
    onDone: ({ number }) => {
      say(`已挂牌督办：${number}`);
      onClose();
    },
  });
  const missing = [
    form.office === "" && "责任地区",
    form.matter.trim() === "" && "督办事项",
    form.leader.trim() === "" && "牵头领导",
    form.due === "" && "办结期限",
    form.conditions.trim() === "" && "摘牌条件",
  ];
  return (
    <Modal
      open
      title={item ? `挂牌督办 ${item.number}` : "挂牌督办"}
      okText="挂牌督办"
      cancelText="暂不挂牌"
      confirmLoading={write.pending}
      {...untilComplete(missing)}
      onOk={() => write.send(undefined)}
      onCancel={onClose}
    >
      <WriteProblem problem={write.problem} />
      <p className="x-hint">挂牌后责任地区的巡察办即可看到，挂牌内容不能修改，只能摘牌后重新挂牌。</p>
      <div className="x-form-grid">
        {!item && (
          <label htmlFor="board-office">
            责任地区
            <Select
              id="board-office"
              options={below.map(({ slug, name }) => ({ value: slug, label: name }))}
              value={form.office || undefined}
              onChange={(slug: string) => setForm({ ...form, office: slug })}
            />
          </label>
        )}
        <label htmlFor="board-leader">
          牵头领导
          <Input
            id="board-leader"
            maxLength={100}
            placeholder="姓名、职务"
            value={form.leader}
            onChange={(event) => setForm({ ...form, leader: event.target.value })}
          />
        </label>
        <label htmlFor="board-due">
          办结期限
          <DayPicker
            id="board-due"
            value={form.due}
            min={today()}
            onChange={(day) => setForm({ ...form, due: day ?? "" })}
          />
        </label>
        <label className="x-wide" htmlFor="board-matter">
          督办事项
          <Input.TextArea
            id="board-matter"
            autoSize={{ minRows: 2, maxRows: 6 }}
            maxLength={500}
            value={form.matter}
            onChange={(event) => setForm({ ...form, matter: event.target.value })}
          />
        </label>
        <label className="x-wide" htmlFor="board-conditions">
          摘牌条件
          <Input.TextArea
            id="board-conditions"
            autoSize={{ minRows: 2, maxRows: 6 }}
            maxLength={1000}
            value={form.conditions}
            onChange={(event) => setForm({ ...form, conditions: event.target.value })}
          />
        </label>
      </div>
    </Modal>
  );
}
