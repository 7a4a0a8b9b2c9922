import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { type ReactNode, useState } from "react";
import { Panel, ProblemNotice, useRole, useSession } from "@/parts";
import { itemBoardQuery } from "./data";
import { MatterCard } from "./MatterCard";
import { type ListedItem, PutDialog } from "./PutDialog";

/** What boards say about one item, to the offices that have a hand in it; nothing where it never stood on one. */
export function ItemBoard({ id }: { id: string }): ReactNode {
  const { office } = useSession();
  const party = useRole("OFF", "DIR", "CITY", "PROV");
  const { data, error, refetch } = useQuery({ ...itemBoardQuery(office, id), enabled: party });
  if (error) return <ProblemNotice problem={error} retry={() => void refetch()} />;
  return data?.map((matter) => (
    <Panel key={matter.id} title={`挂牌督办 ${matter.number}`}>
      <MatterCard matter={matter} plain />
    </Panel>
  ));
}

/** The button by which the city above puts an item on its board; nothing for anybody else, or where it stands there. */
export function PutItem({ id, number, closed }: { id: string; number: string; closed: boolean }): ReactNode {
  const { office, below } = useSession();
  const puts = useRole("CITY") && below !== undefined && !closed;
  const [item, setItem] = useState<ListedItem | null>(null);
  const { data } = useQuery({ ...itemBoardQuery(office, id), enabled: puts });
  if (!puts || !below || !data || data.some(({ state }) => state === "listed")) return null;
  return (
    <>
      <Button onClick={() => setItem({ id, number, office: below })}>挂牌督办</Button>
      {item && <PutDialog item={item} onClose={() => setItem(null)} />}
    </>
  );
}
