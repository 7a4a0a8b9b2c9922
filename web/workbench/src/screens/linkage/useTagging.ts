import { answer, api, type components, say, useSession, useWrite } from "@/parts";
import { linkageKey } from "./data";

type Tagging = components["schemas"]["LinkageTagging"];

/** Gives a tag to many findings in one act, and takes it off again. */
export function useTagging(onDone: () => void) {
  const { office } = useSession();
  const call = (key: string) => ({ params: { path: { office } }, headers: { "Idempotency-Key": key } });
  const give = useWrite({
    run: (body: Tagging, key) => answer(api.POST("/v1/offices/{office}/common-issues/tag", { ...call(key), body })),
    refresh: [linkageKey],
    onDone: ({ tag, changed, left }) => {
      say(`已为 ${changed} 条标注“${tag}”${left > 0 ? `，${left} 条原已带有` : ""}`);
      onDone();
    },
  });
  const take = useWrite({
    run: (body: Tagging, key) => answer(api.POST("/v1/offices/{office}/common-issues/untag", { ...call(key), body })),
    refresh: [linkageKey],
    onDone: ({ tag, changed }) => {
      say(`已取消 ${changed} 条的“${tag}”`);
      onDone();
    },
  });
  return { give, take };
}
