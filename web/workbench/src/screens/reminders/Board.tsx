import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useMemo } from "react";
import {
  type Ask,
  answer,
  api,
  type BulkOutcome,
  Day,
  Deadline,
  excelExports,
  type Form,
  formatInstant,
  type ListSpec,
  ListView,
  NO_DATA,
  NumberCell,
  optionsOf,
  Page,
  StatusTag,
  useRole,
  useSession,
} from "@/parts";
import { lettersQuery, type RunningChain, receiptStates, remindersKey } from "./data";
import { signAll } from "./signAll";

/** 督办台账 (S20): where the ladder of every open item stands, the longest overdue first. */
export default function Board(): ReactNode {
  const { office } = useSession();
  const queries = useQueryClient();
  const signs = useRole("OFF", "DIR", "CITY", "PROV", "LG");
  const spec = useMemo<ListSpec<RunningChain>>(() => {
    const href = ({ finding }: RunningChain) => `/w/${office}/ledger/${finding}?tab=reminders`;
    const all = () =>
      queries.fetchQuery({
        queryKey: [...remindersKey, office, "board-all"],
        queryFn: () => chains(office),
        staleTime: 60_000,
      });
    return {
      screen: "reminders.board",
      caption: "督办台账",
      unit: "条",
      queryKey: [...remindersKey, office, "board"],
      load: async (ask) => {
        const { items } = await chains(office, ask);
        return { items, total: items.length };
      },
      rowKey: ({ finding }) => finding,
      rowName: ({ item }) => item,
      href,
      columns: [
        {
          key: "item",
          title: "编号",
          width: 140,
          pinned: true,
          card: "title",
          sortable: true,
          cell: (chain) => <NumberCell number={chain.item} href={href(chain)} />,
        },
        { key: "unit", title: "单位", width: 178, sortable: true, cell: ({ unit_name }) => unit_name },
        { key: "due", title: "期限", width: 116, cell: ({ due_on }) => <Deadline due={due_on} /> },
        {
          key: "overdue",
          title: "逾期天数",
          width: 96,
          align: "right",
          sortable: true,
          cell: ({ overdue }) =>
            overdue > 0 ? <span className="x-number x-standing-danger">{overdue}</span> : NO_DATA,
        },
        {
          key: "step",
          title: "步骤",
          width: 210,
          cell: (chain) => (
            <Step chain={chain} href={chain.letter ? `/w/${office}/letters/${chain.reminder}` : undefined} />
          ),
        },
        {
          key: "next_on",
          title: "下一步",
          width: 190,
          sortable: true,
          cell: ({ next_title, next_on }) =>
            next_on ? (
              <>
                <Day day={next_on} /> {next_title}
              </>
            ) : (
              NO_DATA
            ),
        },
        {
          key: "receipt",
          title: "签收",
          width: 150,
          cell: ({ receipt, received_at }) => (
            <>
              <StatusTag words={receiptStates} state={receipt} />
              {received_at && <div className="x-hint">{formatInstant(received_at)}</div>}
            </>
          ),
        },
        { key: "pause", title: "暂停原因", width: 170, cell: ({ pause }) => pause || NO_DATA },
      ],
      filters: [
        {
          key: "rung",
          label: "步骤",
          kind: "many",
          options: async () =>
            unique((await all()).items.map(({ rung, title }) => ({ value: rung, label: `${rung} ${title}` }))),
        },
        {
          key: "unit",
          label: "单位",
          kind: "one",
          options: async () =>
            unique((await all()).items.map(({ unit, unit_name }) => ({ value: unit, label: unit_name }))),
        },
        { key: "receipt", label: "签收", kind: "many", options: optionsOf(receiptStates) },
      ],
      bulk: signs
        ? [
            {
              key: "sign",
              label: "确认今天的文书",
              confirm: (n) => `将签发所选 ${n} 条中待本人签发的文书，签发后立即送达，不能撤回。`,
              run: async (rows) => {
                const letters = await queries.fetchQuery({ ...lettersQuery(office), staleTime: 0 });
                return confirmed(office, rows, letters);
              },
            },
          ]
        : undefined,
      exports: excelExports((ask, form, columns) => exported(office, ask, form, columns)),
      empty: "没有进行中的催办链",
    };
  }, [office, queries, signs]);
  return (
    <Page title="督办台账" width="list" note="每条为一件整改事项的催办进度；提交销号或暂停后停止，退回后恢复">
      <ListView spec={spec} />
    </Page>
  );
}

function Step({ chain, href }: { chain: RunningChain; href: string | undefined }): ReactNode {
  const words = `${chain.rung} ${chain.title}`;
  const rest = [
    chain.step_state === "waiting" && "待签发",
    chain.step_state === "dropped" && "不发",
    chain.number,
    chain.talk_due && "待约谈",
  ].filter(Boolean);
  return (
    <>
      {href ? <a href={href}>{words}</a> : words}
      {rest.length > 0 && <div className="x-hint">{rest.join(" · ")}</div>}
    </>
  );
}

function query(ask: Ask | undefined) {
  return {
    rung: ask?.filters.rung ? [...ask.filters.rung] : undefined,
    unit: ask?.filters.unit?.[0],
    receipt: ask?.filters.receipt as RunningChain["receipt"][] | undefined,
    sort: (ask?.sort || undefined) as "-overdue" | undefined,
  };
}

function chains(office: string, ask?: Ask) {
  return answer(api.GET("/v1/offices/{office}/reminders/chains", { params: { path: { office }, query: query(ask) } }));
}

function exported(office: string, ask: Ask, form: Form, columns: string[]) {
  return api.POST("/v1/offices/{office}/reminders/chains/export", {
    parseAs: "blob",
    params: { path: { office }, query: { ...query(ask), form, columns: columns.length > 0 ? columns : undefined } },
  });
}

function unique<T extends { value: string }>(options: T[]): T[] {
  return [...new Map(options.map((option) => [option.value, option])).values()];
}

// Signs the letters that wait on the chosen chains; a chain without one says so.
async function confirmed(
  office: string,
  rows: readonly RunningChain[],
  letters: Parameters<typeof signAll>[1],
): Promise<BulkOutcome> {
  const waiting = letters.filter(({ finding }) => rows.some((row) => row.finding === finding));
  const idle = rows.filter((row) => !waiting.some(({ finding }) => finding === row.finding));
  const { done, failed } = await signAll(office, waiting);
  const inRows = failed.map(({ key, ...rest }) => ({
    ...rest,
    key: waiting.find(({ id }) => id === key)?.finding ?? key,
  }));
  return {
    done,
    failed: [...inRows, ...idle.map(({ finding, item }) => ({ key: finding, name: item, reason: "没有待签发的文书" }))],
  };
}
