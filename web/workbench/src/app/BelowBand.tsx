import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { answer, api } from "@/api/client";
import { useSession } from "./session";

/** N3: view is not edit. Shown whenever a higher office looks at a lower one. */
export function BelowBand(): ReactNode {
  const { identity, office, below } = useSession();
  const name = useQuery({
    queryKey: ["office-below", office, below],
    queryFn: ({ signal }) =>
      answer(api.GET("/v1/offices/{office}/overview", { signal, params: { path: { office }, query: { below } } })),
    select: (overview) => overview.top.name,
    enabled: below !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
  }).data;
  if (below === undefined) return null;
  return (
    <div className="x-below" role="status">
      <span>
        上级视角（只读）：{identity.office.name} → {name ?? below}
      </span>
      <Link to="." search={(({ below: _, ...search }: Record<string, string>) => search) as never}>
        回到本级
      </Link>
    </div>
  );
}
