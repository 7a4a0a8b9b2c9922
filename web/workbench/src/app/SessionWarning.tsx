import { Button } from "antd";
import type { ReactNode } from "react";
import { formatTime } from "@/words/dates";
import { signedOnPath, signOnAddress } from "./addresses";
import { useSessionEnd } from "./sessionEnd";

/** Says in time that the session ends, and lets the person stay. It takes no focus: somebody may be typing. */
export function SessionWarning(): ReactNode {
  const { end, stay } = useSessionEnd();
  if (end === null) return null; // an alert is read out when it appears
  return (
    <div role="alert" className="x-session-end x-no-print">
      <div className="x-session-end-line">
        {end.why === "idle" ? (
          <>
            <span>长时间未操作，登录将于 {formatTime(end.at)} 结束。</span>
            <Button type="primary" onClick={() => void stay()}>
              继续工作
            </Button>
          </>
        ) : (
          <>
            <span>本次登录将于 {formatTime(end.at)} 到期，重新登录后可继续，本页内容不会丢失。</span>
            <Button type="primary" href={signOnAddress(signedOnPath)} target="_blank">
              重新登录
            </Button>
          </>
        )}
      </div>
    </div>
  );
}
