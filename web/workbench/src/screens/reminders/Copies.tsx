import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useMemo } from "react";
import { Instant, type ListSpec, ListView, NO_DATA, NumberCell, Page, Tag, useSession } from "@/parts";
import { type Copy, copiesQuery, remindersKey } from "./data";
import { isMarking, markLater } from "./marking";

/** A copy as it is shown: marked as read from the moment on which somebody says so. */
type Row = Copy & { read: boolean };

/** 抄送: letters that others signed and that this person gets for information. None is a task, none counts in the badge. */
export default function Copies(): ReactNode {
  const { office } = useSession();
  const queries = useQueryClient();
  const spec = useMemo<ListSpec<Row>>(() => {
    const list = [...remindersKey, office, "copies-list"];
    const refresh = () => queries.invalidateQueries({ queryKey: list });
    return {
      screen: "reminders.copies",
      caption: "抄送",
      unit: "件",
      queryKey: list,
      load: async (ask) => {
        const all = await queries.fetchQuery({ ...copiesQuery(office), staleTime: 0 });
        const rows = all.map((copy) => ({ ...copy, read: copy.read_at !== null || isMarking(copy.id) }));
        const items = rows.filter(({ read }) => ask.filters.unread === undefined || !read);
        const from = Number(ask.cursor || 0);
        const to = from + ask.limit;
        return { items: items.slice(from, to), next: to < items.length ? String(to) : "", total: items.length };
      },
      rowKey: ({ id }) => id,
      rowName: ({ item, title }) => `${item} ${title}`,
      href: ({ id }) => `/w/${office}/letters/${id}`,
      columns: [
        {
          key: "read",
          title: "阅读",
          width: 76,
          cell: ({ read }) => (read ? <span className="x-hint">已阅</span> : <Tag tone="warning">未阅</Tag>),
        },
        { key: "title", title: "文书", width: 160, card: "title", cell: ({ title }) => title },
        { key: "number", title: "文号", width: 190, cell: ({ number }) => number || NO_DATA },
        {
          key: "item",
          title: "整改事项",
          width: 140,
          cell: ({ item, finding }) => <NumberCell number={item} href={`/w/${office}/ledger/${finding}`} />,
        },
        { key: "unit", title: "单位", width: 178, cell: ({ unit_name }) => unit_name },
        { key: "by", title: "签发", width: 100, cell: ({ sent_by }) => sent_by || NO_DATA },
        { key: "sent", title: "发出", width: 140, cell: ({ sent_at }) => <Instant at={sent_at} /> },
      ],
      filters: [{ key: "unread", label: "只看未阅", kind: "flag" }],
      bulk: [
        {
          key: "read",
          label: "标记已阅",
          run: async (copies) => {
            const unread = copies.filter(({ read }) => !read).map(({ id }) => id);
            markLater(unread, { office, changed: () => void refresh() });
            return { done: copies.length, failed: [] };
          },
        },
      ],
      empty: "还没有抄送件。需要本人知悉、由他人签发的文书会列在这里。",
    };
  }, [office, queries]);
  return (
    <Page title="抄送" width="list" note="供知悉的文书，不需办理，不计入待办">
      <ListView spec={spec} />
    </Page>
  );
}
