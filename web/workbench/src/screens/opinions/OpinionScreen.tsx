import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Page, StatusTag, useSession } from "@/parts";
import { opinionQuery, opinionStates } from "./data";
import { OpinionCard } from "./OpinionCard";

/** One opinion on a page of its own. */
export default function OpinionScreen(): ReactNode {
  const { id } = useParams({ strict: false }) as { id: string };
  const { office } = useSession();
  const opinion = useQuery(opinionQuery(office, id)).data;
  return (
    <Page
      title={opinion ? `意见 ${opinion.number}` : "意见"}
      crumb={opinion?.number}
      note={opinion && <StatusTag words={opinionStates} state={opinion.state} />}
    >
      <OpinionCard id={id} />
    </Page>
  );
}
