import { Modal, Radio } from "antd";
import { type ReactNode, useState } from "react";
import { answer, api, type components, ifMatch, say, untilComplete, useSession, useWrite, WriteProblem } from "@/parts";
import { type Mode, modes, opinionsKey } from "./data";

const means: Readonly<Record<Mode, string>> = {
  off: "通报页不收意见，不显示意见栏",
  collect: "通报页收意见，不公开；凭查询码可以看到答复",
  feature: "通报页收意见，审核后可以选登",
};

/** 意见公开方式: whether the office takes opinions, and shows some. */
export function SettingDialog({
  setting,
  onClose,
}: {
  setting: components["schemas"]["OpinionsSetting"];
  onClose: () => void;
}): ReactNode {
  const { office } = useSession();
  const [mode, setMode] = useState<Mode>(setting.mode);
  const write = useWrite({
    run: (version: number) =>
      answer(
        api.PUT("/v1/offices/{office}/opinions/setting", {
          params: { path: { office } },
          headers: ifMatch(version),
          body: { mode },
        }),
      ),
    refresh: [opinionsKey],
    onDone: () => {
      say(`意见公开方式：${modes[mode]}`);
      onClose();
    },
  });
  return (
    <Modal
      open
      title="意见公开方式"
      okText="保存"
      cancelText="暂不修改"
      confirmLoading={write.pending}
      {...untilComplete([mode === setting.mode && "新的方式"])}
      onOk={() => write.send(setting.version)}
      onCancel={onClose}
    >
      <WriteProblem problem={write.problem} onTheirs={(latest) => write.send(latest)} />
      <Radio.Group
        aria-label="意见公开方式"
        value={mode}
        onChange={(event) => setMode(event.target.value as Mode)}
        options={(Object.keys(modes) as Mode[]).map((each) => ({
          value: each,
          label: `${modes[each]}：${means[each]}`,
        }))}
      />
      <p className="x-hint">{setting.own ? "由本单位设定" : "现用上级或默认的方式"}；通报页约一分钟内随之变化</p>
    </Modal>
  );
}
