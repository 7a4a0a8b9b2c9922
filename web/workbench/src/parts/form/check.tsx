import { Button, type ButtonProps, type ModalProps } from "antd";
import { type ReactNode, useId } from "react";
import { NO_DATA } from "@/words/dates";
import { useKeys } from "../keys";
import { Notice } from "../show";
import "./form.css";

/** One answer to be checked. */
export interface CheckedAnswer {
  label: string;
  value: ReactNode;
  /** Goes back to where it was entered; absent for what cannot be changed here. */
  change?: () => void;
}

/** The page before what cannot be taken back (签发、发布、移交): everything once more, the consequence, one action. */
export function CheckAnswers({
  answers,
  consequence,
  action,
  onConfirm,
  onBack,
  backText,
  pending,
  problem,
}: {
  answers: readonly CheckedAnswer[];
  /** 「签发后不能修改，只能作废重发」 */
  consequence: string;
  /** 「签发」 */
  action: string;
  onConfirm: () => void;
  onBack: () => void;
  /** 「暂不签发」 when absent. */
  backText?: string;
  pending?: boolean;
  /** What the attempt ran into, e.g. a WriteProblem. */
  problem?: ReactNode;
}): ReactNode {
  useKeys({ "Ctrl+Enter": () => (pending ? undefined : onConfirm()) });
  return (
    <section className="x-panel" aria-label="核对">
      {problem}
      <dl className="x-check">
        {answers.map(({ label, value, change }) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value || NO_DATA}</dd>
            {change && (
              <button type="button" className="x-plain-button" onClick={change}>
                修改<span className="x-hidden">{label}</span>
              </button>
            )}
          </div>
        ))}
      </dl>
      <Notice tone="warning">{consequence}</Notice>
      <div className="x-form-actions">
        <Button onClick={onBack}>{backText ?? `暂不${action}`}</Button>
        <Button type="primary" loading={pending} onClick={onConfirm}>
          {action}
        </Button>
      </div>
    </section>
  );
}

/** Two texts side by side, row by row: 台账文本 | 公开文本, or 要求 | 单位所称 | 佐证 with three. On a phone one below the other. */
export function Compare({
  heads,
  rows,
}: {
  heads: readonly string[];
  rows: readonly { key: string; title?: ReactNode; cells: readonly ReactNode[]; mark?: "danger" | "warning" }[];
}): ReactNode {
  return (
    <div className="x-compare" style={{ ["--x-compare-columns" as string]: heads.length }}>
      <div className="x-compare-row x-compare-head" aria-hidden="true">
        {heads.map((head) => (
          <div key={head}>{head}</div>
        ))}
      </div>
      {rows.map((row) => (
        <section key={row.key} className={row.mark && `x-compare-${row.mark}`}>
          {row.title && <h3 className="x-compare-title">{row.title}</h3>}
          <div className="x-compare-row">
            {row.cells.map((cell, i) => (
              <div key={heads[i]} data-head={heads[i]}>
                {cell}
              </div>
            ))}
          </div>
        </section>
      ))}
    </div>
  );
}

/** A button that waits until nothing is missing, and says beside it what is. */
export function ReadyButton({ what, ...button }: ButtonProps & { what: readonly (string | false)[] }): ReactNode {
  const id = useId();
  return (
    <span className="x-ready">
      <Missing id={id} what={what} />
      <Button {...button} disabled={button.disabled || what.some((each) => each !== false)} aria-describedby={id} />
    </span>
  );
}

/** A dialog whose main button waits until nothing is missing, and says beside it what is: `<Modal {...untilComplete([…])} …>`. */
export function untilComplete(
  what: readonly (string | false)[],
  button?: ButtonProps,
): Pick<ModalProps, "okButtonProps" | "footer"> {
  return {
    okButtonProps: { ...button, disabled: what.some((each) => each !== false) },
    footer: (buttons) => (
      <>
        {buttons}
        <Missing what={what} />
      </>
    ),
  };
}

/** Why a form cannot be sent yet, below its button; says nothing once it can. */
export function Missing({ what, id }: { what: readonly (string | false)[]; id?: string }): ReactNode {
  const missing = what.filter((each) => each !== false);
  return (
    <p role="status" id={id} className="x-missing">
      {missing.length > 0 && `还缺：${missing.join("、")}`}
    </p>
  );
}
