import { Modal } from "antd";
import { type ReactNode, useState } from "react";
import type { Problem } from "@/api/problem";
import { differences, staleOf } from "@/api/stale";
import { Lines, Notice, ProblemNotice } from "../show";

/**
 * What a change ran into. When somebody else was faster (412), the yellow line with 「查看差异」; otherwise the problem.
 * Nothing typed is touched; `onTheirs` receives the version to send next time.
 */
export function WriteProblem({
  problem,
  mine,
  fields,
  onTheirs,
  retry,
}: {
  problem: Problem | null;
  /** What the person has on screen, by the row's own field names. */
  mine?: Readonly<Record<string, unknown>>;
  fields?: readonly (readonly [key: string, title: string])[];
  /** The person has seen the differences and keeps their own text: continue on top of this version. */
  onTheirs?: (version: number, current: Readonly<Record<string, unknown>>) => void;
  retry?: () => void;
}): ReactNode {
  const [open, setOpen] = useState(false);
  const stale = staleOf(problem);
  if (stale === null) return <ProblemNotice problem={problem} retry={retry} />;
  const differ = differences(mine ?? {}, stale.current, fields ?? []);
  return (
    <>
      <Notice
        tone="warning"
        role="alert"
        actions={
          <button type="button" className="x-plain-button" onClick={() => setOpen(true)}>
            查看差异
          </button>
        }
      >
        {stale.line}，填写的内容仍保留在本页。
      </Notice>
      <Modal
        open={open}
        width={720}
        title={stale.line}
        okText="保留我的内容"
        cancelText="暂不提交"
        okButtonProps={{ disabled: stale.version === null }}
        onCancel={() => setOpen(false)}
        onOk={() => {
          setOpen(false);
          if (stale.version !== null) onTheirs?.(stale.version, stale.current);
        }}
      >
        {differ.length === 0 ? (
          <p>填写的各项与最新内容一致，可以继续提交。</p>
        ) : (
          <table className="x-differences">
            <thead>
              <tr>
                <th scope="col">项目</th>
                <th scope="col">我的内容</th>
                <th scope="col">最新内容</th>
              </tr>
            </thead>
            <tbody>
              {differ.map((each) => (
                <tr key={each.key}>
                  <th scope="row">{each.title}</th>
                  <td>
                    <Lines text={each.mine} />
                  </td>
                  <td>
                    <Lines text={each.theirs} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Modal>
    </>
  );
}
