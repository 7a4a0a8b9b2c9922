import { type QueryKey, useQuery, useQueryClient } from "@tanstack/react-query";
import { Progress } from "antd";
import { type ReactNode, useEffect, useRef } from "react";
import { formatCount } from "@/words/numbers";
import { ProblemNotice } from "./show";

/** How long work stands. */
export interface JobState {
  state: "waiting" | "running" | "done" | "failed";
  done: number;
  total: number;
  /** What went wrong, in words, when failed. */
  detail?: string;
}

/** Follows long work until it ends: 「正在导入 340/1,000 行」. The person may leave; it comes back as a to-do. */
export function JobProgress({
  queryKey,
  load,
  doing,
  unit,
  onEnd,
}: {
  queryKey: QueryKey;
  load: (signal: AbortSignal) => Promise<JobState>;
  /** 「导入」 */
  doing: string;
  /** 「行」 */
  unit: string;
  onEnd?: (job: JobState) => void;
}): ReactNode {
  const queries = useQueryClient();
  const told = useRef(false);
  const { data: job, error } = useQuery({
    queryKey,
    queryFn: ({ signal }) => load(signal),
    refetchInterval: (query) => (isOver(query.state.data) ? false : 1000),
    staleTime: 0,
  });
  useEffect(() => {
    if (!job) return;
    // Work that is tried again begins with the end of the first attempt, still in the cache.
    if (isOver(job) && !told.current) onEnd?.(job);
    told.current = isOver(job);
  }, [job, onEnd]);

  if (error && !job) return <ProblemNotice problem={error} retry={() => void queries.refetchQueries({ queryKey })} />;
  if (!job) return null;
  const percent = job.total === 0 ? 0 : Math.floor((job.done * 100) / job.total);
  return (
    <div role="status">
      <p className="x-number">{jobWords(job, doing, unit)}</p>
      <Progress
        percent={job.state === "done" ? 100 : percent}
        status={job.state === "failed" ? "exception" : job.state === "done" ? "normal" : "active"}
        showInfo={false}
        aria-label={doing}
      />
    </div>
  );
}

function isOver(job: JobState | undefined): boolean {
  return job?.state === "done" || job?.state === "failed";
}

/** The words for how a job stands. */
export function jobWords(job: JobState, doing: string, unit: string): string {
  switch (job.state) {
    case "waiting":
      return `等待${doing}`;
    case "running":
      return `正在${doing} ${formatCount(job.done)}/${formatCount(job.total)} ${unit}`;
    case "done":
      return `已${doing} ${formatCount(job.done)} ${unit}`;
    case "failed":
      return `${doing}未完成，停在 ${formatCount(job.done)}/${formatCount(job.total)} ${unit}${job.detail ? `：${job.detail}` : ""}`;
  }
}
