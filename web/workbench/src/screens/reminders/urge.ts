import { answer, api, type BulkAction, newKey } from "@/parts";

/** What a list needs to say of a row so that its unit can be urged. */
interface Urgeable {
  id: string;
}

/** 批量催办: a reminder to the unit of each row, beside the ladder. What stands still or has come to its end says so. */
export function urgeAction<T>(office: string, itemOf: (row: T) => Urgeable): BulkAction<T> {
  return {
    key: "urge",
    label: "批量催办",
    confirm: (n) => `将向 ${n} 个问题的责任单位发出催办，发出后不能撤回。`,
    run: async (rows) => {
      const { items } = await answer(
        api.POST("/v1/offices/{office}/reminders/urge", {
          params: { path: { office } },
          headers: { "Idempotency-Key": newKey() },
          body: { items: rows.map((row) => itemOf(row).id) },
        }),
      );
      const failed = items.filter(({ reason }) => reason !== "");
      return {
        done: items.length - failed.length,
        failed: failed.map(({ finding, item, reason }) => ({ key: finding, name: item, reason })),
      };
    },
  };
}
