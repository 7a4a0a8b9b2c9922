import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Panel, ProblemNotice, useRole, useSession } from "@/parts";
import { itemSamplesQuery } from "./data";
import { SampleFacts } from "./SampleCard";

/** What samples came to for one item, to the offices that have a hand in it; nothing where there was none. */
export function ItemSamples({ id }: { id: string }): ReactNode {
  const { office } = useSession();
  const party = useRole("OFF", "DIR", "CITY", "PROV");
  const { data, error, refetch } = useQuery({ ...itemSamplesQuery(office, id), enabled: party });
  if (error) return <ProblemNotice problem={error} retry={() => void refetch()} />;
  return data?.map((item) => (
    <Panel
      key={item.id}
      title={`${item.issuer}抽查`}
      extra={<a href={`/w/${office}/samples/${item.sample}`}>{item.sample_name}</a>}
    >
      <SampleFacts item={{ ...item, problem: "" }} />
    </Panel>
  ));
}
