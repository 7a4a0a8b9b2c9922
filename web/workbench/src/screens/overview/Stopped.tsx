import type { ReactNode } from "react";
import type { Line } from "./data";

type Part = Pick<Line, "name" | "stopped">;

/** For how long clocks stood still while matters were above, by whom; nothing where none did (停止计时). */
export function Stopped({ lines }: { lines: readonly Part[] }): ReactNode {
  const some = lines.filter(({ stopped }) => stopped.items > 0);
  if (some.length === 0) return null;
  return (
    <p className="x-hint x-stopped">
      经批准停止计时：
      {some
        .map(({ name, stopped: { items, now, days } }) => {
          const still = now > 0 ? `，${now} 件仍在停止` : "";
          return `${name} ${items} 件，累计 ${days} 天${still}`;
        })
        .join("；")}
    </p>
  );
}
