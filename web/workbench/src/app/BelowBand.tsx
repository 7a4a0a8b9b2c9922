import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useSession } from "./session";

/** N3: view is not edit. Shown whenever a higher office looks at a lower one. */
export function BelowBand(): ReactNode {
  const { identity, below, belowName } = useSession();
  if (below === undefined) return null;
  return (
    <div className="x-below" role="status">
      <span>
        上级视角（只读）：{identity.office.name} → {belowName ?? below}
      </span>
      <Link to="." search={(({ below: _, ...search }: Record<string, string>) => search) as never}>
        回到本级
      </Link>
    </div>
  );
}
