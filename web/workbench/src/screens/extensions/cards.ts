import { answer, api, formatDay, formatInstant, ifMatch } from "@/parts";
import { type Card, type CardKind, firstSentence } from "../cards/registry";
import type { Task } from "../todo/data";
import { grantedDays, type Request, requestKinds, wishOf } from "./data";

/** Requests for more time that wait for a decision: in the own office, and one level above. */
export const cards: readonly CardKind[] = [
  { kind: "item", verbs: ["审批"], load: own },
  { kind: "raised-extension", verbs: ["审批"], load: raised },
];

const phrases = ["工期可以赶上，请按原期限推进", "理由不充分，请补充材料后再申请", "请先完成能完成的部分"] as const;
const note = "同意";

async function own(office: string, { id }: Task, signal: AbortSignal): Promise<Card[]> {
  const params = { path: { office, id } };
  const [item, time] = await Promise.all([
    answer(api.GET("/v1/offices/{office}/items/{id}", { signal, params })),
    answer(api.GET("/v1/offices/{office}/items/{id}/extensions", { signal, params })),
  ]);
  return time.requests
    .filter(({ allowed }) => allowed.includes("approve"))
    .map((request) => {
      const call = callOf(office, request);
      return {
        ...cardOf(request, item.text, item.due_on, `${request.number} ${item.unit_name}`),
        full: `/w/${office}/ledger/${id}`,
        consequence: "批准后立即调整期限，期限沿革保留原期限",
        agree: agreement(request, (body, key) =>
          answer(api.POST("/v1/offices/{office}/extensions/{extension}/approve", { ...call(key), body })),
        ),
        refuse: refusal((words, key) =>
          answer(
            api.POST("/v1/offices/{office}/extensions/{extension}/refuse", { ...call(key), body: { note: words } }),
          ),
        ),
      };
    });
}

async function raised(office: string, { id }: Task, signal: AbortSignal): Promise<Card[]> {
  const request = await answer(
    api.GET("/v1/offices/{office}/raised-extensions/{extension}", {
      signal,
      params: { path: { office, extension: id } },
    }),
  );
  if (!request.allowed.includes("grant")) return [];
  const call = callOf(office, request);
  const card = cardOf(request, request.problem, request.due_on, `${request.number} ${request.unit_name}`);
  return [
    {
      ...card,
      facts: [
        ["报批单位", request.office_name],
        ...card.facts,
        ["佐证", request.files.map(({ name }) => name).join("、")],
      ],
      agreed: [...card.agreed, `${request.office_name} ${request.opinion_by}：${request.opinion}`],
      full: `/w/${office}/raised-extensions/${id}`,
      consequence: "批准后由系统在下级调整期限，不能撤回",
      agree: agreement(request, (body, key) =>
        answer(api.POST("/v1/offices/{office}/raised-extensions/{extension}/grant", { ...call(key), body })),
      ),
      refuse: refusal((words, key) =>
        answer(
          api.POST("/v1/offices/{office}/raised-extensions/{extension}/deny", { ...call(key), body: { note: words } }),
        ),
      ),
    },
  ];
}

function callOf(office: string, { id, version }: Request) {
  return (key: string) => ({
    params: { path: { office, extension: id } },
    headers: { ...ifMatch(version), "Idempotency-Key": key },
  });
}

function agreement(
  { kind, until_on }: Request,
  run: (body: { note: string; until_on: string }, key: string) => Promise<unknown>,
): Card["agree"] {
  return {
    label: "批准",
    done: "已批准",
    day: { label: grantedDays[kind], asked: until_on },
    run: (key, day) => run({ note, until_on: day }, key),
  };
}

function refusal(run: (words: string, key: string) => Promise<unknown>): Card["refuse"] {
  return { label: "不予批准", done: "不予批准", phrases, limit: 1000, run };
}

function cardOf(request: Request, problem: string, due: string | null, title: string) {
  return {
    key: request.id,
    paper: `${requestKinds[request.kind]}申请`,
    title,
    summary: firstSentence(problem),
    facts: [
      ["申请", wishOf(request)],
      ["现期限", formatDay(due)],
      ["第几次申请", `第 ${request.n} 次`],
      ["申请原因", request.reason],
    ] as const,
    agreed: [`${request.signed_by} ${formatInstant(request.signed_at)} 签署`],
  };
}
