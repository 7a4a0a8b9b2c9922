import { useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import type { ReactNode } from "react";
import { Notice, Panel, say, Tag, useSession, useWrite, WriteProblem } from "@/parts";
import { type Change, type Draft, type Hit, type ItemChange, saveItem, saveText, textsKey } from "./data";
import { excerpt, placeOf, replaced, textAt } from "./hits";

/** 个人信息检查: what was found, where, why it was taken for what it is, and what to do about it. */
export function Privacy({ draft }: { draft: Draft }): ReactNode {
  const open = draft.hits.filter((hit) => !hit.kept).length;
  return (
    <Panel title="个人信息检查">
      {open > 0 ? (
        <Notice tone="warning">还有 {open} 处个人信息未处理，不能审批和发布。</Notice>
      ) : (
        <Notice tone="success">没有未处理的个人信息。</Notice>
      )}
      {draft.hits.length > 0 && (
        <ul className="x-text-hits">
          {draft.hits.map((hit) => (
            <Found key={`${hit.id} ${hit.start}`} draft={draft} hit={hit} />
          ))}
        </ul>
      )}
      <p className="x-hint">
        自动检查身份证号、手机号、银行卡号、车牌号和电子邮箱，包括全角、中文数字和中间加空格的写法。姓名、住址、病情等请逐条通读核对。
      </p>
    </Panel>
  );
}

function Found({ draft, hit }: { draft: Draft; hit: Hit }): ReactNode {
  const text = textAt(draft, hit.pointer);
  const [before, found, after] = excerpt(text, hit);
  return (
    <li>
      <p>
        <strong>{placeOf(draft, hit.pointer)}</strong>{" "}
        <Tag tone={hit.level === "block" ? "danger" : "warning"}>
          {hit.name}
          {hit.level === "block" ? "，必须处理" : "，需第二人核对"}
        </Tag>
        {hit.kept && <Tag tone="neutral">已核对保留</Tag>}
      </p>
      <p className="x-text-hit">
        {before}
        <mark>{found}</mark>
        {after}
      </p>
      <p className="x-hint">{hit.reason}</p>
      {draft.allowed.includes("edit") && !hit.kept && <Treat draft={draft} hit={hit} text={text} />}
    </li>
  );
}

function Treat({ draft, hit, text }: { draft: Draft; hit: Hit; text: string }): ReactNode {
  const { office } = useSession();
  const queries = useQueryClient();
  const put = (words: string): Promise<unknown> => {
    const [, first = "", finding = "", field = ""] = hit.pointer.split("/");
    const item = draft.items.find((each) => each.finding === finding);
    return first === "items" && item
      ? saveItem(office, draft.id, item, item.version, { [field]: words } as ItemChange)
      : saveText(office, draft.id, draft.version, { [first]: words } as Change);
  };
  const write = useWrite({
    run: (by: string) => put(replaced(text, hit, by)),
    refresh: [textsKey],
    onDone: (_, by) => say(by === "" ? `已删除${hit.name}` : `已脱敏为 ${by}`),
  });
  return (
    <>
      <WriteProblem problem={write.problem} onTheirs={() => void queries.invalidateQueries({ queryKey: textsKey })} />
      <div className="x-text-hit-actions">
        <Button size="small" loading={write.pending} onClick={() => write.send(hit.mask)}>
          脱敏为 {hit.mask}
        </Button>
        <Button size="small" disabled={write.pending} onClick={() => write.send("")}>
          删除
        </Button>
      </div>
    </>
  );
}
