import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { formatShare, useSession } from "@/parts";
import { closingQuery } from "./data";

/** 销号率 with its counts and the formula by which it was counted (口径); of the own unit for its people. */
export function ClosingLine(): ReactNode {
  const { office, below } = useSession();
  const { data } = useQuery(closingQuery({ office, below }));
  if (!data || data.closed_rate.den === 0) return null;
  const { num, den } = data.closed_rate;
  return (
    <p className="x-closing">
      销号率 <strong className="x-number">{formatShare(num, den)}</strong>
      <span className="x-hint">口径：{data.text}</span>
    </p>
  );
}
