import type { ReactNode } from "react";
import { Panel, useSession } from "@/parts";
import type { ItemPage } from "./data";

const kinds: Readonly<Record<string, readonly [label: string, path: string]>> = {
  notice: ["上级通报", "linkage"],
  escalation: ["上报事项", "linkage/escalations"],
  disclosure: ["公开", "disclosure"],
  opinion: ["群众意见", "disclosure"],
};

/** What else concerns the item: notices from above, what was raised, what was published, what people said. */
export function Lineage({ item }: { item: ItemPage }): ReactNode {
  const { office } = useSession();
  return (
    <Panel title="关联">
      {item.lineage.length === 0 && item.tags.length === 0 && (
        <p className="x-hint">没有关联的通报、上报事项或群众意见</p>
      )}
      {item.tags.length > 0 && <p>共性标签：{item.tags.join("、")}</p>}
      <ul className="x-links">
        {item.lineage.map((link) => {
          const [label, path] = kinds[link.kind] ?? ["关联", ""];
          return (
            <li key={`${link.kind} ${link.id}`}>
              <span className="x-hint">{label}</span>{" "}
              <a href={`/w/${office}/${path}/${link.id}`}>{[link.number, link.title].filter(Boolean).join(" ")}</a>
            </li>
          );
        })}
      </ul>
    </Panel>
  );
}
