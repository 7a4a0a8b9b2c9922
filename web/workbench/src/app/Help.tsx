import { Modal } from "antd";
import type { ReactNode } from "react";
import { keyHelp } from "@/parts/keys";
import { glossary } from "@/words/glossary";
import { useSession } from "./session";

/** Who to ask, what the keys do and what the words mean. */
export function Help({ onClose }: { onClose: () => void }): ReactNode {
  const { identity } = useSession();
  const { office } = identity;
  return (
    <Modal open title="帮助" footer={null} onCancel={onClose}>
      <p>
        有疑问请联系：{office.short || office.name}
        {office.phone && <span className="x-number">（{office.phone}）</span>}
      </p>
      <h3 className="x-help-title">快捷键</h3>
      <dl className="x-keys">
        {keyHelp.map(([key, words]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{words}</dd>
          </div>
        ))}
      </dl>
      <details>
        <summary className="x-help-title">用语</summary>
        <dl className="x-terms">
          {glossary.map(([word, meaning]) => (
            <div key={word}>
              <dt>{word}</dt>
              <dd>{meaning}</dd>
            </div>
          ))}
        </dl>
      </details>
      <p className="x-hint">正在输入文字时单键快捷键不起作用；可在右上角姓名菜单中关闭。</p>
    </Modal>
  );
}
