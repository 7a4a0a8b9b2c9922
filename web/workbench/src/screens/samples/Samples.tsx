import { Button } from "antd";
import { type ReactNode, useMemo, useState } from "react";
import { formatRange, Instant, type ListSpec, ListView, Page, useRole, useSession } from "@/parts";
import { DrawDialog } from "./DrawDialog";
import { listSamples, progressOf, type Sample, samplesKey } from "./data";

/** 销号抽查: closed items that this office looks at again below, or that were looked at from above. */
export default function Samples(): ReactNode {
  const { office } = useSession();
  const draws = useRole("CITY", "PROV");
  const [drawing, setDrawing] = useState(false);
  const spec = useMemo<ListSpec<Sample>>(() => {
    const href = ({ id }: Sample) => `/w/${office}/samples/${id}`;
    return {
      screen: "samples",
      caption: "销号抽查",
      unit: "次",
      queryKey: [...samplesKey, office, "list"],
      load: (_, signal) => listSamples(office, signal),
      rowKey: ({ id }) => id,
      rowName: ({ name }) => name,
      href,
      columns: [
        {
          key: "name",
          title: "名称",
          width: 232,
          pinned: true,
          card: "title",
          cell: (sample) => <a href={href(sample)}>{sample.name}</a>,
        },
        { key: "issuer", title: "抽查单位", width: 128, cell: ({ issuer }) => issuer },
        {
          key: "offices",
          title: "被抽查单位",
          width: 200,
          cell: ({ parts }) => parts.map(({ name }) => name).join("、"),
        },
        {
          key: "closed",
          title: "销号日期",
          width: 196,
          cell: ({ closed_from, closed_to }) => formatRange(closed_from, closed_to),
        },
        { key: "progress", title: "进度", width: 232, cell: ({ counts }) => progressOf(counts) },
        { key: "drawn", title: "抽取时间", width: 128, cell: ({ drawn_at }) => <Instant at={drawn_at} /> },
        { key: "by", title: "抽取人", width: 84, cell: ({ drawn_by }) => drawn_by },
      ],
      empty: draws
        ? "还没有抽查。点「抽查已销号事项」，从直属下级已销号的事项中抽取。"
        : "上级还没有抽查过本单位已销号的事项。抽查后，名单和结果会出现在这里。",
    };
  }, [office, draws]);
  return (
    <Page
      title="销号抽查"
      width="list"
      note="存疑和逾期销号的全部抽取，其余按比例抽签；认定未整改到位的，由系统在下级重新整改"
      actions={
        draws && (
          <Button type="primary" onClick={() => setDrawing(true)}>
            抽查已销号事项
          </Button>
        )
      }
    >
      <ListView spec={spec} />
      {drawing && <DrawDialog onClose={() => setDrawing(false)} />}
    </Page>
  );
}
