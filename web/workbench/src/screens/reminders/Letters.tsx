import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useMemo, useRef, useState } from "react";
import {
  Day,
  Deadline,
  type ListSpec,
  ListView,
  NO_DATA,
  Notice,
  Page,
  ProblemNotice,
  Standing,
  useSession,
} from "@/parts";
import { DropDialog } from "./DropDialog";
import { chainQuery, lettersQuery, type Reminder, remindersKey, signerWords } from "./data";
import { LetterCard } from "./LetterCard";
import { signAll, signable } from "./signAll";

/** 催办督办 (S20): the letters that wait in this office, signed in one list by whoever signs them. */
export default function Letters(): ReactNode {
  const { office } = useSession();
  const queries = useQueryClient();
  const letters = useQuery(lettersQuery(office)).data ?? [];
  const mine = letters.filter(signable).length;
  const others = letters.length - mine;
  const [dropping, setDropping] = useState<Reminder | null>(null);
  const listed = useRef(new Map<string, Reminder>());
  const spec = useMemo<ListSpec<Reminder>>(
    () => ({
      screen: "reminders",
      caption: "待签发的催办文书",
      unit: "件",
      queryKey: [...remindersKey, office, "list"],
      load: async () => {
        const items = await queries.fetchQuery({ ...lettersQuery(office), staleTime: 0 });
        for (const letter of items) listed.current.set(letter.id, letter);
        return { items, total: items.length };
      },
      rowKey: ({ id }) => id,
      rowName: ({ item, title }) => `${item} ${title}`,
      columns: [
        { key: "title", title: "文书", width: 168, card: "title", pinned: true, cell: ({ title }) => title },
        {
          key: "item",
          title: "整改事项",
          width: 118,
          cell: ({ item, finding }) => (
            <a className="x-code" href={`/w/${office}/ledger/${finding}`}>
              {item}
            </a>
          ),
        },
        { key: "unit", title: "单位", width: 160, cell: ({ unit_name }) => unit_name },
        { key: "due", title: "整改期限", width: 108, cell: ({ due_on }) => <Deadline due={due_on} /> },
        { key: "left", title: "剩余/逾期", width: 92, cell: ({ due_on }) => <Standing due={due_on} /> },
        { key: "rung", title: "步骤", width: 62, cell: ({ rung }) => rung },
        { key: "signer", title: "签发", width: 148, cell: signerWords },
        { key: "planned", title: "应发日期", width: 106, cell: ({ planned_on }) => <Day day={planned_on} /> },
        {
          key: "note",
          title: "说明",
          width: 118,
          cell: ({ late, provisional, note }) =>
            [late && "补发", provisional && "工作日历未公布", note].filter(Boolean).join("，") || NO_DATA,
        },
      ],
      drawer: (id, letter) =>
        letter ? (
          <LetterCard letter={letter} onDrop={() => setDropping(letter)} />
        ) : (
          <Decided id={id} listed={listed.current.get(id)} />
        ),
      href: ({ id, document }) => (document ? `/w/${office}/letters/${id}` : undefined),
      drawerTitle: (id, letter = listed.current.get(id)) => letter && `${letter.title} ${letter.item}`,
      bulk:
        mine > 0
          ? [
              {
                key: "sign",
                label: "签发文书",
                confirm: (n) =>
                  `${others > 0 ? `将签发所选 ${n} 件中待本人签发的文书` : `将签发 ${n} 件文书`}，签发后立即送达责任单位，不能撤回。`,
                run: (letters) => signAll(office, letters),
              },
            ]
          : undefined,
      empty: "没有待签发的催办文书。到期前 7 天起会自动生成。",
    }),
    [office, queries, mine, others],
  );
  return (
    <Page title="催办文书" width="list" note="按阶梯自动生成，签发后送达并登记签收；提交销号后自动停止，退回后恢复">
      <ListView spec={spec} />
      {dropping && <DropDialog letter={dropping} onClose={() => setDropping(null)} />}
    </Page>
  );
}

// A letter that left the list meanwhile, as its item's history tells it: number, time and signer.
function Decided({ id, listed }: { id: string; listed: Reminder | undefined }): ReactNode {
  const { office } = useSession();
  const chain = useQuery({
    ...chainQuery(office, undefined, listed?.finding ?? ""),
    enabled: listed !== undefined,
    staleTime: 0,
  });
  const letter = chain.data?.sent.find((each) => each.id === id);
  if (chain.error) return <ProblemNotice problem={chain.error} retry={() => void chain.refetch()} />;
  if (listed && !chain.data) return <p className="x-hint">正在加载…</p>;
  if (!letter || letter.state === "waiting")
    return <p className="x-hint">此件不在待签发之列，可能已经签发或决定不发</p>;
  return (
    <>
      {letter.state === "sent" && <Notice tone="success">已签发：{letter.number || letter.title}</Notice>}
      <LetterCard letter={letter} />
    </>
  );
}
