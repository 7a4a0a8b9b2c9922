import { answer, api, ifMatch, say, sayProblem, useSession, useWrite } from "@/parts";
import { type ItemPage, itemsKey } from "./data";

/** 启动整改. */
export function useStart(item: Pick<ItemPage, "id" | "version" | "number">) {
  const { office } = useSession();
  return useWrite({
    run: (_: undefined, key) =>
      answer(
        api.POST("/v1/offices/{office}/items/{id}/start", {
          params: { path: { office, id: item.id } },
          headers: { ...ifMatch(item.version), "Idempotency-Key": key },
        }),
      ),
    refresh: [itemsKey],
    onDone: () => say(`已启动整改：${item.number}`),
    onProblem: sayProblem,
  });
}
