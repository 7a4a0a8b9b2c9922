import type { components } from "@/parts";

type Schemas = components["schemas"];

/** What a unit signs and parties review: a plan or a report, whichever it is. */
export type Paper = Pick<
  Schemas["PlansPlan"],
  | "head"
  | "head_at"
  | "leader"
  | "leader_at"
  | "parties"
  | "given"
  | "review_by"
  | "letter"
  | "decided_by"
  | "decided_at"
  | "digest"
  | "opinions"
  | "unit_name"
  | "version"
>;

export type Opinion = Paper["opinions"][number];
export type Verdict = Opinion["verdict"];
export type Reason = Opinion["reasons"][number];

/** The digest as screens and papers show it. */
export const shortDigest = (digest: string): string => digest.slice(0, 16);
