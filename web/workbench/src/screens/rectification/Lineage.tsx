import type { ReactNode } from "react";
import { Panel, useRole, useSession } from "@/parts";
import { taskAddress } from "../all";
import type { ItemPage } from "./data";

const kinds: Readonly<Record<string, string>> = {
  notice: "上级通报",
  escalation: "上报事项",
  disclosure: "公开",
  opinion: "群众意见",
};

/** What else concerns the item: notices from above, what was raised, what was published, what people said. */
export function Lineage({ item }: { item: ItemPage }): ReactNode {
  const { office, below } = useSession();
  const raiser = useRole("OFF", "DIR") && below === undefined;
  const open = item.state !== "closed" && !item.flags.includes("escalated");
  return (
    <Panel
      title="关联"
      extra={raiser && open && <a href={`/w/${office}/escalations/new?finding=${item.id}`}>提请统筹</a>}
    >
      {item.lineage.length === 0 && item.tags.length === 0 && (
        <p className="x-hint">没有关联的通报、上报事项或群众意见</p>
      )}
      {item.tags.length > 0 && <p>共性标签：{item.tags.join("、")}</p>}
      <ul className="x-links">
        {item.lineage.map((link) => {
          const words = [link.number, link.title].filter(Boolean).join(" ");
          const href = taskAddress(office, link.kind, link.id);
          return (
            <li key={`${link.kind} ${link.id}`}>
              <span className="x-hint">{kinds[link.kind] ?? "关联"}</span> {href ? <a href={href}>{words}</a> : words}
            </li>
          );
        })}
      </ul>
    </Panel>
  );
}
