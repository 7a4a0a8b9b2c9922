import { useNavigate } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { answer, api, ifMatch, useSession } from "@/parts";
import type { Evaluation } from "./data";
import { SayDialog, type Saying } from "./SayDialog";

/** Steps that take one sentence. */
export type Note = "waive" | "return" | "approve" | "rescore";

const words: Readonly<Record<Note, Saying>> = {
  waive: {
    title: "不等自评",
    label: "理由",
    done: "已转评估组评分",
    cancel: "继续等待",
    hint: "单位未按时自评时使用，理由单位可见。",
  },
  return: {
    title: "退回",
    label: "退回意见",
    done: "已退回",
    cancel: "暂不退回",
    hint: "退回上一步办理，已填写的内容保留。",
  },
  approve: {
    title: "审核同意",
    label: "审核意见",
    done: "已审核，送领导小组审定",
    cancel: "暂不同意",
    hint: "同意后送领导小组审定。",
  },
  rescore: {
    title: "重新评估",
    label: "新的事实",
    done: "已另立新版评估",
    cancel: "暂不评估",
    hint: "另立新版，沿用原评分表和评估组；通报新版之前，原版继续有效。",
  },
};

/** Sends an evaluation back or on, with one sentence. */
export function NoteDialog({ one, as, onClose }: { one: Evaluation; as: Note; onClose: () => void }): ReactNode {
  const { office } = useSession();
  const navigate = useNavigate();
  return (
    <SayDialog
      words={words[as]}
      unit={one.unit_name}
      version={one.version}
      required={as !== "approve"}
      run={(note, version, key) => {
        const params = { path: { office, id: one.id } };
        const headers = { ...ifMatch(version), "Idempotency-Key": key };
        const body = { note };
        const send = {
          waive: () => api.POST("/v1/offices/{office}/evaluations/{id}/waive", { params, headers, body }),
          return: () => api.POST("/v1/offices/{office}/evaluations/{id}/return", { params, headers, body }),
          approve: () => api.POST("/v1/offices/{office}/evaluations/{id}/approve", { params, headers, body }),
          rescore: () =>
            api.POST("/v1/offices/{office}/evaluations/{id}/rescore", { params, headers, body: { reason: note } }),
        }[as];
        return answer(send());
      }}
      onDone={(after) => {
        if (after.id !== one.id) void navigate({ to: `/w/${office}/evaluations/${after.id}` as string });
      }}
      onClose={onClose}
    />
  );
}
