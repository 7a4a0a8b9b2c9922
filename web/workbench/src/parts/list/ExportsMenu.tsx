import { ExportOutlined } from "@ant-design/icons";
import { Button, Dropdown, Modal } from "antd";
import { type ReactNode, type RefObject, useState } from "react";
import { useSession } from "@/app/session";
import { now } from "@/words/clock";
import { formatInstant } from "@/words/dates";
import { formatCount } from "@/words/numbers";
import { copyText } from "../copy";
import { say, sayProblem } from "../toast";
import { useNarrow } from "../useNarrow";
import { shownColumns } from "./columns";
import { tableText } from "./exports";
import { resultSentence } from "./FilterBar";
import type { ExportAction } from "./spec";
import { sharedAddress } from "./state";
import type { List } from "./useList";

/** The ways out: Excel, print, text, the address. */
export function ExportsMenu<T>({ list, area }: { list: List<T>; area: RefObject<HTMLElement | null> }): ReactNode {
  const { spec } = list;
  const { identity, below } = useSession();
  const narrow = useNarrow(); // cards are no table
  const [chosen, setChosen] = useState<ExportAction | null>(null);
  const copyRows = async () => {
    const table = area.current?.querySelector<HTMLTableElement>(".x-list-rows table");
    if (!table) return;
    const head = `${identity.office.name} ${spec.caption}（${resultSentence(list)}，截至 ${formatInstant(now())}）`;
    await copyText(`${head}\n${tableText(table)}`);
    say(`已复制本页 ${formatCount(list.heads.length)} ${spec.unit ?? "条"}，可粘贴到文档或表格`);
  };
  return (
    <>
      <Dropdown
        trigger={["click"]}
        menu={{
          items: [
            ...(spec.exports ?? []).map((each) => ({
              key: each.key,
              label: each.label,
              onClick: () => setChosen(each),
            })),
            { key: "print", label: "打印或存为 PDF", onClick: () => window.print() },
            ...(narrow ? [] : [{ key: "text", label: "复制文字（本页）", onClick: () => void copyRows() }]),
            { key: "link", label: "复制本页地址", onClick: () => void copyAddress(list, below) },
          ],
        }}
      >
        <Button icon={<ExportOutlined />}>导出</Button>
      </Dropdown>
      {chosen && <ExportPreview list={list} action={chosen} onClose={() => setChosen(null)} />}
    </>
  );
}

async function copyAddress<T>(list: List<T>, below: string | undefined): Promise<void> {
  const url = new URL(window.location.href);
  url.search = sharedAddress(list.state, below);
  await copyText(url.toString());
  say("已复制本页地址，打开可看到同样的筛选结果");
}

// How many rows will leave, before they do.
function ExportPreview<T>({
  list,
  action,
  onClose,
}: {
  list: List<T>;
  action: ExportAction;
  onClose: () => void;
}): ReactNode {
  const { spec, total } = list;
  const [running, setRunning] = useState(false);
  const columns = shownColumns(list.placed).map(({ column }) => column);
  const run = async () => {
    setRunning(true);
    try {
      await action.run(
        list.ask,
        columns.map(({ key }) => key),
      );
      say(`已导出 ${total === undefined ? "" : formatCount(total)} ${spec.unit ?? "条"}，已记入日志`);
      onClose();
    } catch (thrown) {
      sayProblem(thrown);
      setRunning(false);
    }
  };
  return (
    <Modal
      open
      title={action.label}
      okText="导出"
      confirmLoading={running}
      okButtonProps={{ disabled: total === 0 }}
      onOk={() => void run()}
      onCancel={onClose}
    >
      <p>
        将导出 {total === undefined ? "符合条件的全部" : formatCount(total)} {spec.unit ?? "条"}
        {list.filtered ? "（当前筛选结果）" : ""}。
      </p>
      {action.columns && <p>列：{columns.map(({ title }) => title).join("、")}</p>}
      {action.note && <p className="x-hint">{action.note}</p>}
      <p className="x-hint">导出会记入日志，文件每页带有导出人、单位和时间。</p>
    </Modal>
  );
}
