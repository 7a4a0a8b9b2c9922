import { queryOptions, useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import type { ReactNode } from "react";
import { answer, api, type components, sayProblem, useSession, useWrite } from "@/parts";
import { type ItemPage, itemsKey, type Place } from "./data";

type Party = components["schemas"]["RectificationTurns"]["parties"][number]["party"];

function turnsQuery({ office, below }: Place, id: string) {
  return queryOptions({
    queryKey: [...itemsKey, office, below, "turns", id],
    queryFn: ({ signal }) =>
      answer(
        api.GET("/v1/offices/{office}/items/{id}/review", {
          signal,
          params: { path: { office, id }, query: { below } },
        }),
      ),
  });
}

/** 认领: who of each party has the review in hand; one takes it, gives it back, or the director releases it. */
export function ClaimLine({ item }: { item: ItemPage }): ReactNode {
  const { office, below } = useSession();
  const { data: turns } = useQuery(turnsQuery({ office, below }, item.id));
  const params = { path: { office, id: item.id } };
  const take = useWrite({
    run: (_: undefined, key) =>
      answer(api.POST("/v1/offices/{office}/items/{id}/claim", { params, headers: { "Idempotency-Key": key } })),
    refresh: [itemsKey],
    onProblem: sayProblem,
  });
  const giveBack = useWrite({
    run: (party: Party, key) =>
      answer(
        api.POST("/v1/offices/{office}/items/{id}/unclaim", {
          params,
          headers: { "Idempotency-Key": key },
          body: { party },
        }),
      ),
    refresh: [itemsKey],
    onProblem: sayProblem,
  });
  if (!turns) return null;
  const claimed = turns.parties.filter((turn) => turn.claimed_by !== "");
  if (!turns.may_claim && claimed.length === 0) return null;
  return (
    <ul className="x-links">
      {claimed.map((turn) => (
        <li key={turn.party}>
          {turn.name}：{turn.mine ? "我" : turn.claimed_by}已认领，{turn.until_on} 前有效{" "}
          {turns.may_release.includes(turn.party) && (
            <Button size="small" loading={giveBack.pending} onClick={() => giveBack.send(turn.party)}>
              放回
            </Button>
          )}
        </li>
      ))}
      {turns.may_claim && (
        <li>
          <span className="x-hint">本方还没有人认领</span>{" "}
          <Button size="small" loading={take.pending} onClick={() => take.send(undefined)}>
            认领
          </Button>
        </li>
      )}
    </ul>
  );
}
