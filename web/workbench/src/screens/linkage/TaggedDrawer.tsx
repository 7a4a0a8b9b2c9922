import { useQuery } from "@tanstack/react-query";
import { Button, Checkbox, Drawer, Input } from "antd";
import { type ReactNode, useState } from "react";
import { NumberCell, ProblemNotice, ReadyButton, useSession, WriteProblem } from "@/parts";
import { type Narrow, type Source, taggedQuery } from "./data";
import type { Behind } from "./HeatTable";
import { useTagging } from "./useTagging";

/** The findings behind a number. Chosen ones get another tag, or lose the one that this office gave them. */
export function TaggedDrawer({
  behind,
  narrow,
  onClose,
}: {
  behind: Behind;
  narrow: Narrow;
  onClose: () => void;
}): ReactNode {
  const { office } = useSession();
  const { data, error } = useQuery(taggedQuery(office, behind.tag, behind.of, narrow));
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [tag, setTag] = useState("");
  const { give, take } = useTagging(() => setChosen([]));
  const findings = (data ?? []).filter(({ id }) => chosen.includes(id));
  const marks = narrow.by === "category" ? [] : findings.filter(({ mark }) => mark);
  const refs = (of: readonly Source[]) => of.map(({ office, id }) => ({ office, id }));
  return (
    <Drawer
      open
      size={680}
      title={`${behind.title}${data ? `（${data.length}${data.length === 500 ? " 条以上，请缩小范围" : " 条"}）` : ""}`}
      onClose={onClose}
      footer={
        chosen.length > 0 && (
          <div className="x-tagging">
            <WriteProblem problem={give.problem ?? take.problem} />
            <Input
              aria-label="标签"
              placeholder="另加一个标签"
              maxLength={40}
              value={tag}
              onChange={(event) => setTag(event.target.value)}
            />
            <ReadyButton
              type="primary"
              what={[tag.trim() === "" && "标签"]}
              loading={give.pending}
              onClick={() => give.send({ tag, findings: refs(findings) })}
            >
              标注所选 {chosen.length} 条
            </ReadyButton>
            {marks.length > 0 && (
              <Button loading={take.pending} onClick={() => take.send({ tag: behind.tag, findings: refs(marks) })}>
                取消“{behind.tag}”{marks.length} 条
              </Button>
            )}
          </div>
        )
      }
    >
      {error && <ProblemNotice problem={error} />}
      {data && data.length > 1 && (
        <Checkbox
          checked={chosen.length === data.length}
          indeterminate={chosen.length > 0 && chosen.length < data.length}
          onChange={(event) => setChosen(event.target.checked ? data.map(({ id }) => id) : [])}
        >
          全选
        </Checkbox>
      )}
      <ul className="x-sources">
        {data?.map((finding) => (
          <li key={finding.id}>
            <SourceLine
              finding={finding}
              checked={chosen.includes(finding.id)}
              onCheck={(yes) => setChosen(yes ? [...chosen, finding.id] : chosen.filter((id) => id !== finding.id))}
            />
          </li>
        ))}
      </ul>
    </Drawer>
  );
}

/** A finding that can be chosen, with whose it is. */
export function SourceLine({
  finding,
  checked,
  onCheck,
  extra,
}: {
  finding: Source;
  checked: boolean;
  onCheck: (yes: boolean) => void;
  extra?: ReactNode;
}): ReactNode {
  const { office } = useSession();
  return (
    <>
      <Checkbox
        checked={checked}
        aria-label={`选择 ${finding.number}`}
        onChange={(event) => onCheck(event.target.checked)}
      />{" "}
      <NumberCell
        number={finding.number}
        href={`/w/${office}/ledger/${finding.id}${finding.office === office ? "" : `?below=${finding.office}`}`}
      />{" "}
      <span className="x-hint">
        {finding.office_name} {finding.unit_name}
      </span>{" "}
      {extra}
      <p>{finding.text}</p>
    </>
  );
}
