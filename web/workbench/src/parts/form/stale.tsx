import { useQueryClient } from "@tanstack/react-query";
import { Modal } from "antd";
import { type ReactNode, useState } from "react";
import type { Problem } from "@/api/problem";
import { differences, type Stale, staleOf } from "@/api/stale";
import { Lines, Notice, ProblemNotice } from "../show";

/**
 * What a change ran into. When somebody else was faster (412), the yellow line with 「查看差异」, or without fields that
 * could be compared with 「载入最新内容」; otherwise the problem. Nothing typed is touched; `onTheirs` receives the version
 * to send next time.
 */
export function WriteProblem({
  problem,
  mine,
  theirs,
  fields,
  onTheirs,
  retry,
}: {
  problem: Problem | null;
  /** What the person has on screen, by the row's own field names. */
  mine?: Readonly<Record<string, unknown>>;
  /** The row in the words of `mine`, where it does not speak them itself. */
  theirs?: (current: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>;
  fields?: readonly (readonly [key: string, title: string])[];
  /** The person has seen what others wrote and goes on: continue on top of this version. */
  onTheirs?: (version: number, current: Readonly<Record<string, unknown>>) => void;
  retry?: () => void;
}): ReactNode {
  const [open, setOpen] = useState(false);
  const stale = staleOf(problem);
  if (stale === null) return <ProblemNotice problem={problem} retry={retry} />;
  if (fields === undefined) return <ReadAnew stale={stale} problem={problem} onTheirs={onTheirs} />;
  const differ = differences(mine ?? {}, theirs ? theirs(stale.current) : stale.current, fields);
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
          <p>{fields.map(([, title]) => title).join("、")}与最新内容一致，可以继续提交。</p>
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

// Without fields to compare, what others did stands on the page: it is read anew before anything goes on top of it.
function ReadAnew({
  stale,
  problem,
  onTheirs,
}: {
  stale: Stale;
  problem: Problem | null;
  onTheirs?: (version: number, current: Readonly<Record<string, unknown>>) => void;
}): ReactNode {
  const queries = useQueryClient();
  const [read, setRead] = useState<Problem | null>(null);
  const { version } = stale;
  if (read !== problem) {
    const load = () => void queries.invalidateQueries().then(() => setRead(problem));
    return (
      <Notice
        tone="warning"
        role="alert"
        actions={
          <button type="button" className="x-plain-button" onClick={load}>
            载入最新内容
          </button>
        }
      >
        {stale.line}，填写的内容仍保留在本页。
      </Notice>
    );
  }
  return (
    <Notice
      tone="warning"
      role="alert"
      actions={
        onTheirs &&
        version !== null && (
          <button type="button" className="x-plain-button" onClick={() => onTheirs(version, stale.current)}>
            继续提交
          </button>
        )
      }
    >
      {stale.line}。已载入最新内容，请核对后再提交，填写的内容仍保留在本页。
    </Notice>
  );
}
