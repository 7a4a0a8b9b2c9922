import { Button } from "antd";
import type { ReactNode } from "react";
import { answer, api, ifMatch, Notice, say, useSession, useWrite, WriteProblem } from "@/parts";
import { type NoticeView, refreshed } from "./data";
import { nameKinds } from "./words";

type Hit = NoticeView["hits"][number];

/** Words of a notice that tell whose findings it rests on: reworded, or kept by one person with a reason and by another who agrees. */
export function Names({ notice }: { notice: NoticeView }): ReactNode {
  const { office } = useSession();
  const write = useWrite({
    run: ({ token, version }: { token: string; version: number }, key) =>
      answer(
        api.POST("/v1/offices/{office}/notices/{id}/keep", {
          params: { path: { office, id: notice.id } },
          headers: { ...ifMatch(version), "Idempotency-Key": key },
          body: { tokens: [token] },
        }),
      ),
    refresh: refreshed,
    onDone: () => say("已同意保留"),
  });
  if (notice.hits.length === 0) return null;
  const draft = notice.state === "draft";
  return (
    <Notice tone="warning">
      通报中有 {notice.hits.length} 个词语可能指认来源单位
      {draft ? "，请删改；确需保留的，送审时写明理由，由另一人同意。" : "。逐一同意保留，或退回修改后，才能签发。"}
      <WriteProblem problem={write.problem} />
      <ul>
        {notice.hits.map((hit) => (
          <li key={`${hit.at} ${hit.token} ${hit.whose}`}>
            {sentence(hit)}
            {!draft && <Standing hit={hit} />}{" "}
            {notice.allowed.includes("keep") && hit.reason !== "" && hit.agreed === "" && !hit.mine && (
              <Button
                size="small"
                loading={write.pending}
                onClick={() => write.send({ token: hit.token, version: notice.version })}
              >
                同意保留
              </Button>
            )}
          </li>
        ))}
      </ul>
    </Notice>
  );
}

function sentence({ at, as, token, whose, kind, count }: Hit): string {
  const where = { "/tag": "标签", "/title": "标题", "/body": "正文" }[at] ?? "必答问题";
  const same = kind === "number" ? `是${whose}的问题编号` : `与${whose}的${nameKinds[kind]}名称相同`;
  return `${where}中的“${as}”，${as === token ? "" : `即“${token}”，`}${same}${count > 1 ? `，${count} 处` : ""}`;
}

function Standing({ hit }: { hit: Hit }): ReactNode {
  if (hit.reason === "") return "；没有保留的理由，请退回修改";
  const next = hit.agreed ? `，${hit.agreed}同意` : hit.mine ? "，须由另一人同意" : "，待同意";
  return `；${hit.asked}保留：${hit.reason}${next}`;
}
