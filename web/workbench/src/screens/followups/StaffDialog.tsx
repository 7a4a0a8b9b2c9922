import { Modal } from "antd";
import { type ReactNode, useState } from "react";
import { answer, api, say, untilComplete, useSession, useWrite, WriteProblem } from "@/parts";
import { type FollowUp, followUpsKey, step } from "./data";
import { PeopleFields } from "./Planning";

/** Changes who looks; what they found so far stays. */
export function StaffDialog({ one, onClose }: { one: FollowUp; onClose: () => void }): ReactNode {
  const { office } = useSession();
  const [form, setForm] = useState({ people: one.people.map((person) => person.id), leader: one.leader_id });
  const write = useWrite({
    run: (version: number, key) =>
      answer(
        api.POST("/v1/offices/{office}/followups/{id}/people", { ...step(office, one.id, version, key), body: form }),
      ),
    refresh: [followUpsKey, ["tasks"]],
    onDone: () => {
      say(`已调整核查人员：${one.name}`);
      onClose();
    },
  });
  return (
    <Modal
      open
      title="调整核查人员"
      okText="调整人员"
      cancelText="暂不调整"
      confirmLoading={write.pending}
      {...untilComplete([form.people.length < 2 && "两名核查人员", form.leader === "" && "组长"])}
      onOk={() => write.send(one.version)}
      onCancel={onClose}
    >
      <WriteProblem problem={write.problem} onTheirs={(version) => write.send(version)} />
      <div className="x-form-grid">
        <PeopleFields
          people={form.people}
          leader={form.leader}
          onChange={(people, leader) => setForm({ people, leader })}
        />
      </div>
    </Modal>
  );
}
