import type { ReactNode } from "react";
import { answer, api, ifMatch, useSession } from "@/parts";
import { DecideDialog, type Decision, OpinionDialog } from "../papers/Reviewing";
import { type Plan, plansKey } from "./data";

/** One party's opinion on a plan. */
export function Opine({ plan, onClose }: { plan: Plan; onClose: () => void }): ReactNode {
  const { office } = useSession();
  return (
    <OpinionDialog
      paper={plan}
      called="整改方案"
      refresh={[plansKey]}
      onClose={onClose}
      send={(body, key) =>
        answer(
          api.POST("/v1/offices/{office}/plans/{id}/opinion", {
            params: { path: { office, id: plan.id } },
            headers: { "Idempotency-Key": key },
            body,
          }),
        )
      }
    />
  );
}

const words = {
  approve: {
    title: "同意实施",
    hint: "各方均已同意。方案自同意之时生效，原版保留。",
    label: "说明",
    done: "已同意实施",
    back: false,
  },
  return: {
    title: "退回修改",
    hint: "汇总各方意见，一次退回。两处签字随之作废。",
    label: "退回意见",
    done: "已退回",
    back: true,
  },
  decline: {
    title: "退回修改",
    hint: "退回单位修改后重新签字。",
    label: "退回意见",
    done: "已退回",
    back: true,
  },
} satisfies Record<string, Decision>;

/** Ends a review, or sends a plan back instead of signing it. */
export function Decide({ plan, as, onClose }: { plan: Plan; as: keyof typeof words; onClose: () => void }): ReactNode {
  const { office } = useSession();
  return (
    <DecideDialog
      paper={plan}
      called="整改方案"
      decision={words[as]}
      refresh={[plansKey]}
      onClose={onClose}
      send={(version, letter, _, key) => {
        const call = {
          params: { path: { office, id: plan.id } },
          headers: { ...ifMatch(version), "Idempotency-Key": key },
          body: { letter },
        };
        const send = {
          approve: () => api.POST("/v1/offices/{office}/plans/{id}/approve", call),
          return: () => api.POST("/v1/offices/{office}/plans/{id}/return", call),
          decline: () => api.POST("/v1/offices/{office}/plans/{id}/decline", call),
        }[as];
        return answer(send());
      }}
    />
  );
}
