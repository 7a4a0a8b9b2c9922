import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { type ReactNode, useState } from "react";
import { Panel, ProblemNotice, useRole, useSession } from "@/parts";
import type { ItemPage } from "../rectification/data";
import { DoubtCard } from "./DoubtCard";
import { itemDoubtsQuery } from "./data";
import { RaiseDialog } from "./RaiseDialog";

/** 存疑核查 of one item; nothing where there is nothing to see or do. */
export function ItemDoubts({ item }: { item: ItemPage }): ReactNode {
  const { office, below } = useSession();
  const raises = useRole("OFF", "DIR", "DISC") && below === undefined && item.submission > 0;
  const [raising, setRaising] = useState(false);
  const { data, error, refetch } = useQuery(itemDoubtsQuery({ office, below }, item.id));
  if (error) return <ProblemNotice problem={error} retry={() => void refetch()} />;
  if (!data || (data.length === 0 && !raises)) return null;
  return (
    <Panel title="存疑核查" extra={raises && <Button onClick={() => setRaising(true)}>登记存疑</Button>}>
      {data.length === 0 && <p className="x-hint">没有存疑</p>}
      {data.map((doubt) => (
        <DoubtCard key={doubt.id} doubt={doubt} />
      ))}
      {raising && <RaiseDialog id={item.id} number={item.number} onClose={() => setRaising(false)} />}
    </Panel>
  );
}
