import { useQuery } from "@tanstack/react-query";
import { Input, Modal, Select } from "antd";
import { type ReactNode, useState } from "react";
import { answer, api, Facts, ProblemNotice, say, untilComplete, useSession, useWrite, WriteProblem } from "@/parts";
import { type CommonIssues, linkageKey, type Merging, tryMergeQuery } from "./data";

/** Counts one tag with another: what that does to the counts stands there before it is done. */
export function MergeDialog({ issues, onClose }: { issues: CommonIssues; onClose: () => void }): ReactNode {
  const { office } = useSession();
  const [tag, setTag] = useState("");
  const [into, setInto] = useState("");
  const [reason, setReason] = useState("");
  const { data, error } = useQuery(tryMergeQuery(office, tag, into === tag ? "" : into));
  const write = useWrite({
    run: (body: { tag: string; into: string; reason: string }, key) =>
      answer(
        api.POST("/v1/offices/{office}/common-issues/merge", {
          params: { path: { office } },
          headers: { "Idempotency-Key": key },
          body,
        }),
      ),
    refresh: [linkageKey],
    onDone: () => {
      say(`“${tag}”已计入“${into}”`);
      onClose();
    },
  });
  const options = (without: string) =>
    issues.items.filter((each) => each.tag !== without).map((each) => ({ value: each.tag, label: each.tag }));
  return (
    <Modal
      open
      title="归并标签"
      okText="归并"
      cancelText="暂不归并"
      confirmLoading={write.pending}
      {...untilComplete([tag === "" && "要归并的标签", into === "" && "计入的标签", reason.trim() === "" && "理由"])}
      onOk={() => write.send({ tag, into, reason })}
      onCancel={onClose}
    >
      <WriteProblem problem={write.problem} />
      <div className="x-stack">
        <label htmlFor="merge-tag">
          要归并的标签
          <Select id="merge-tag" showSearch value={tag || undefined} options={options(into)} onChange={setTag} />
        </label>
        <label htmlFor="merge-into">
          计入
          <Select id="merge-into" showSearch value={into || undefined} options={options(tag)} onChange={setInto} />
        </label>
        {error && <ProblemNotice problem={error} />}
        {data && <Effect merging={data} tag={tag} into={into} />}
        <label htmlFor="merge-reason">
          理由
          <Input.TextArea
            id="merge-reason"
            autoSize={{ minRows: 2, maxRows: 4 }}
            maxLength={200}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
        </label>
        <p className="x-hint">归并只影响本级的统计，各县问题上的标签不变，可以随时取消</p>
      </div>
    </Modal>
  );
}

function Effect({ merging, tag, into }: { merging: Merging; tag: string; into: string }): ReactNode {
  const size = ({ findings, offices, units }: Merging["after"]) => `${findings} 条，${offices} 个地区，${units} 个单位`;
  return (
    <Facts
      facts={[
        [tag, size(merging.tag)],
        [into, size(merging.into)],
        ["归并后", size(merging.after)],
        ["兼有两个标签", `${merging.both} 条，只计一次`],
      ]}
    />
  );
}
