import { Input, Modal } from "antd";
import { type ReactNode, useState } from "react";
import { say, untilComplete, useWrite, WriteProblem } from "@/parts";
import { evaluationsKey } from "./data";

/** How a step is called that takes one sentence. */
export interface Saying {
  title: string;
  label: string;
  done: string;
  cancel: string;
  hint?: string;
}

/** One step that takes one sentence and moves what has this version. */
export function SayDialog<T>({
  words: { title, label, done, cancel, hint },
  unit,
  version,
  required,
  limit = 1000,
  run,
  onDone,
  onClose,
}: {
  words: Saying;
  /** Whose evaluation it is. */
  unit: string;
  version: number;
  required: boolean;
  /** Characters, at most. */
  limit?: number;
  run: (text: string, version: number, key: string) => Promise<T>;
  onDone?: (after: T) => void;
  onClose: () => void;
}): ReactNode {
  const [text, setText] = useState("");
  const write = useWrite({
    run: (at: number, key) => run(text, at, key),
    refresh: [evaluationsKey, ["tasks"]],
    onDone: (after) => {
      say(`${done}：${unit}`);
      onDone?.(after);
      onClose();
    },
  });
  return (
    <Modal
      open
      title={`${title}：${unit}`}
      okText={title}
      cancelText={cancel}
      confirmLoading={write.pending}
      {...untilComplete([required && text.trim() === "" && label])}
      onOk={() => write.send(version)}
      onCancel={onClose}
    >
      <WriteProblem problem={write.problem} onTheirs={(theirs) => write.send(theirs)} />
      <div className="x-form-column">
        <label htmlFor="evaluation-said">
          {label}
          <Input.TextArea
            id="evaluation-said"
            autoSize={{ minRows: 3, maxRows: 12 }}
            maxLength={limit}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        </label>
      </div>
      {hint && <p className="x-hint">{hint}</p>}
    </Modal>
  );
}
