import { useQuery } from "@tanstack/react-query";
import { Modal, Select } from "antd";
import { type ReactNode, useState } from "react";
import { answer, api, ifMatch, Missing, say, useSession, useWrite, WriteProblem } from "@/parts";
import { partyNames } from "../rectification/words";
import { candidatesQuery, type Evaluation, evaluationsKey, type Person } from "./data";

const keyOf = ({ id, party }: Pick<Person, "id" | "party">) => `${party} ${id}`;

/** Names who scores: people of several parties, nobody of the unit. */
export function GroupDialog({ one, onClose }: { one: Evaluation; onClose: () => void }): ReactNode {
  const { office } = useSession();
  const { data: candidates } = useQuery(candidatesQuery(office, one.id));
  const [chosen, setChosen] = useState<string[]>(() => (one.sheet?.people ?? []).map(keyOf));
  const write = useWrite({
    run: (version: number, key) =>
      answer(
        api.POST("/v1/offices/{office}/evaluations/{id}/group", {
          params: { path: { office, id: one.id } },
          headers: { ...ifMatch(version), "Idempotency-Key": key },
          body: {
            people: chosen.map((each) => {
              const [party, id] = each.split(" ") as [Person["party"], string];
              return { party, id };
            }),
          },
        }),
      ),
    refresh: [evaluationsKey, ["tasks"]],
    onDone: () => {
      say(`已组建评估组：${one.unit_name}`);
      onClose();
    },
  });
  return (
    <Modal
      open
      title={`组建评估组：${one.unit_name}`}
      okText="组建评估组"
      cancelText="暂不组建"
      confirmLoading={write.pending}
      okButtonProps={{ disabled: chosen.length < 2 }}
      footer={(buttons) => (
        <>
          {buttons}
          <Missing what={[chosen.length < 2 && "至少两人"]} />
        </>
      )}
      onOk={() => write.send(one.version)}
      onCancel={onClose}
    >
      <WriteProblem problem={write.problem} onTheirs={(version) => write.send(version)} />
      <div className="x-form-column">
        <label htmlFor="group-people">
          评估组成员
          <Select
            id="group-people"
            mode="multiple"
            optionFilterProp="label"
            placeholder="选择人员"
            value={chosen}
            options={candidates?.map((person) => ({
              value: keyOf(person),
              label: `${person.name}（${partyNames[person.party]}）`,
            }))}
            onChange={setChosen}
          />
        </label>
      </div>
      <p className="x-hint">由巡察办干部牵头提交；被评估单位的人员不在可选之列。</p>
    </Modal>
  );
}
