import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { Button } from "antd";
import type { ReactNode } from "react";
import {
  Facts,
  formatCount,
  Instant,
  JobProgress,
  Notice,
  Page,
  Panel,
  ProblemNotice,
  StatusTag,
  useDelayed,
  useSession,
} from "@/parts";
import { itemsKey } from "../rectification/data";
import { Check } from "./Check";
import { type Import, importQuery, importStates, importsKey } from "./data";
import { Outcome } from "./Outcome";
import "./imports.css";

/** One import, from what was read to what became of it. */
export default function ImportScreen(): ReactNode {
  const { id } = useParams({ strict: false }) as { id: string };
  const { office } = useSession();
  const { data: im, error, isPending, refetch } = useQuery(importQuery(office, id));
  const waiting = useDelayed(isPending);
  return (
    <Page
      title={im ? `导入${im.unit_name}台账` : "导入台账"}
      crumb={im?.file_name}
      note={
        im && (
          <>
            <span>{im.file_name}</span> <StatusTag words={importStates} state={im.state} />
          </>
        )
      }
      actions={im && <Button href={`/w/${office}/imports`}>返回导入列表</Button>}
    >
      {error && <ProblemNotice problem={error} retry={() => void refetch()} />}
      {waiting && <p className="x-hint">正在加载…</p>}
      {im && <Body im={im} />}
    </Page>
  );
}

function Body({ im }: { im: Import }): ReactNode {
  switch (im.state) {
    case "read":
      return <Check im={im} />;
    case "failed":
      return (
        <>
          <Notice tone="danger" role="alert">
            导入停在 {formatCount(im.done)}/{formatCount(im.total)} 个问题：{im.failure}
          </Notice>
          <Check im={im} />
        </>
      );
    case "running":
      return <Running im={im} />;
    case "discarded":
      return (
        <Panel>
          <p>本次导入已放弃，没有写入任何内容。</p>
        </Panel>
      );
    default:
      return <Outcome im={im} />;
  }
}

function Running({ im }: { im: Import }): ReactNode {
  const { office } = useSession();
  const queries = useQueryClient();
  const { queryKey, queryFn } = importQuery(office, im.id);
  return (
    <Panel title="正在导入">
      <JobProgress
        queryKey={[...importsKey, office, im.id, "progress"]}
        load={async (signal) => {
          const now = await (queryFn as (context: { signal: AbortSignal }) => Promise<Import>)({ signal });
          return { state: jobState(now), done: now.done, total: now.total, detail: now.failure };
        }}
        doing="导入"
        unit="个问题"
        onEnd={() => {
          void queries.invalidateQueries({ queryKey });
          void queries.invalidateQueries({ queryKey: itemsKey });
          void queries.invalidateQueries({ queryKey: ["tasks"] });
        }}
      />
      <p className="x-hint">可以离开本页，完成后会出现在我的待办里。</p>
      <Facts
        facts={[
          ["开始", <Instant key="at" at={im.ran_at} />],
          ["办理人", im.ran_by],
        ]}
      />
    </Panel>
  );
}

function jobState({ state }: Import): "running" | "done" | "failed" {
  return state === "running" ? "running" : state === "failed" ? "failed" : "done";
}
