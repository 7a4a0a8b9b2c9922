import { useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import { type ReactNode, useMemo } from "react";
import { Instant, type ListSpec, ListView, NO_DATA, Page, StatusTag, useSession } from "@/parts";
import { type Import, importStates, importsKey, importsQuery } from "./data";

/** 台账导入: every ledger that was brought in, and by whom. */
export default function Imports(): ReactNode {
  const { office } = useSession();
  const queries = useQueryClient();
  const spec = useMemo<ListSpec<Import>>(
    () => ({
      screen: "imports",
      caption: "台账导入",
      unit: "次",
      queryKey: [...importsKey, office, "list"],
      load: async () => {
        const items = await queries.fetchQuery({ ...importsQuery(office), staleTime: 0 });
        return { items, total: items.length };
      },
      rowKey: ({ id }) => id,
      rowName: ({ file_name }) => file_name,
      href: ({ id }) => `/w/${office}/imports/${id}`,
      columns: [
        {
          key: "file",
          title: "文件",
          width: 280,
          card: "title",
          cell: ({ id, file_name }) => <a href={`/w/${office}/imports/${id}`}>{file_name}</a>,
        },
        { key: "unit", title: "单位", width: 180, cell: ({ unit_name }) => unit_name },
        { key: "round", title: "轮次", width: 180, cell: ({ round_name }) => round_name },
        {
          key: "state",
          title: "状态",
          width: 100,
          cell: ({ state }) => <StatusTag words={importStates} state={state} />,
        },
        {
          key: "done",
          title: "问题",
          width: 90,
          align: "right",
          cell: ({ state, done, total }) =>
            state === "read" || state === "discarded" ? `${total}` : `${done}/${total}`,
        },
        { key: "by", title: "上传人", width: 90, cell: ({ made_by }) => made_by || NO_DATA },
        { key: "at", title: "上传时间", width: 140, cell: ({ made_at }) => <Instant at={made_at} /> },
      ],
      empty: "还没有导入过台账。被巡察单位的 Excel 台账可以直接上传，逐条核对后导入。",
    }),
    [office, queries],
  );
  return (
    <Page
      title="台账导入"
      width="list"
      actions={
        <Button type="primary" href={`/w/${office}/imports/new`}>
          导入台账
        </Button>
      }
    >
      <ListView spec={spec} />
    </Page>
  );
}
