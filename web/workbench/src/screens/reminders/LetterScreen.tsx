import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { Button } from "antd";
import { type ReactNode, useState } from "react";
import { Page, Panel, ProblemNotice, useRole, useSession } from "@/parts";
import { DropDialog } from "./DropDialog";
import { letterQuery } from "./data";
import { LetterCard } from "./LetterCard";
import { TalkDialog } from "./TalkDialog";

/** One letter's own page, for the office: what it says, who received it when, and the talk that goes with it. */
export default function LetterScreen(): ReactNode {
  const { id } = useParams({ strict: false }) as { id: string };
  const { office } = useSession();
  const staff = useRole("OFF", "DIR", "CITY", "PROV");
  const { data, error, refetch } = useQuery(letterQuery(office, id));
  const [dropping, setDropping] = useState(false);
  const [talking, setTalking] = useState(false);
  const letter = data?.reminder;
  const talkDue = letter?.talk && letter.state === "sent" && !letter.talked;
  return (
    <Page
      title={letter ? `${letter.title} ${letter.number}` : "催办文书"}
      crumb={letter?.number || letter?.item}
      width="reading"
      note={letter && `${letter.item} ${letter.unit_name}`}
      actions={
        staff &&
        talkDue && (
          <Button type="primary" onClick={() => setTalking(true)}>
            登记约谈
          </Button>
        )
      }
    >
      {error && <ProblemNotice problem={error} retry={() => void refetch()} />}
      {letter && (
        <Panel>
          <LetterCard letter={letter} onDrop={() => setDropping(true)} />
        </Panel>
      )}
      {letter && dropping && <DropDialog letter={letter} onClose={() => setDropping(false)} />}
      {letter && talking && <TalkDialog letter={letter} onClose={() => setTalking(false)} />}
    </Page>
  );
}
