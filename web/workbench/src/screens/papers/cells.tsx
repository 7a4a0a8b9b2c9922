import type { ReactNode } from "react";
import { Deadline, Instant, NO_DATA } from "@/parts";
import type { Paper } from "./data";

/** Who signed and when, in a list of papers. */
export function SignedBy({ name, at }: { name: string; at: string | null }): ReactNode {
  return name ? (
    <>
      {name} <Instant at={at} />
    </>
  ) : (
    NO_DATA
  );
}

/** How far the review of a paper is: 「2/3 已审 剩 1 天」. */
export function Reviewed({
  of,
}: {
  of: Pick<Paper, "parties" | "given" | "review_by"> & { state: string | null };
}): ReactNode {
  if (of.parties.length === 0) return NO_DATA;
  return (
    <>
      {of.given.length}/{of.parties.length} 已审 {of.state === "reviewing" && <Deadline due={of.review_by} />}
    </>
  );
}
