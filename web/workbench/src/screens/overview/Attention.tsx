import type { ReactNode } from "react";
import { Panel, Tag, useSession } from "@/parts";
import { ledgerHref } from "../rectification/addresses";
import { placeHref } from "./CountTable";
import type { Attention, Overview } from "./data";

const kinds = [
  ["doubt", "存疑待核", "doubt", "项"],
  ["overdue-30", "逾期≥30天", "danger", "项"],
  ["matter", "上报待受理", "info", "件"],
  ["receipt", "通报未签收", "warning", "个单位"],
  ["listed", "挂牌督办中", "warning", "件"],
] as const;

/** 需要关注: what somebody should look at, by kind and place, each a way to its rows. */
export function AttentionPanel({ overview }: { overview: Overview }): ReactNode {
  const { office } = useSession();
  return (
    <Panel title="需要关注">
      <div className="x-attention">
        {kinds.map(([kind, title, tone, unit]) => {
          const all = overview.attention.filter((each) => each.kind === kind);
          const sum = all.reduce((n, each) => n + each.n, 0);
          return (
            <section key={kind} aria-label={title}>
              <h3>
                {title} <Tag tone={sum > 0 ? tone : "plain"}>{sum > 0 ? `${sum} ${unit}` : "没有"}</Tag>
              </h3>
              <ul>
                {all.map((each) => (
                  <li key={`${each.place.slug} ${each.number}`}>
                    <a href={hrefOf(each, office)}>
                      {each.place.name}
                      {each.below ? "及所辖" : each.place.slug === overview.top.slug ? "本级" : ""} {each.n} {unit}
                    </a>
                    {each.number && <span className="x-hint x-code"> {each.number}</span>}
                  </li>
                ))}
              </ul>
            </section>
          );
        })}
      </div>
    </Panel>
  );
}

function hrefOf({ kind, place, below, notice }: Attention, office: string): string {
  if (notice) return `/w/${office}/linkage/${notice}`;
  if (kind === "matter") return `/w/${office}/escalations`;
  if (kind === "listed") return `/w/${office}/board?state=listed`;
  if (below) return placeHref(office, place);
  return ledgerHref(office, place.slug, kind === "doubt" ? { flag: "doubt" } : { due: "overdue-30" });
}
