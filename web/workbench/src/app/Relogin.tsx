import { useQueryClient } from "@tanstack/react-query";
import { Button, Modal } from "antd";
import { type ReactNode, useCallback, useEffect, useState } from "react";
import { settleSignOn, useSessionExpired } from "@/api/relogin";
import { signedOnPath, signOnAddress } from "./addresses";
import { type Me, meQuery } from "./me";

/** Signing on again in place: the page stays, and what was typed stays with it. */
export function Relogin(): ReactNode {
  const expired = useSessionExpired();
  const queries = useQueryClient();
  const [other, setOther] = useState("");

  const settle = useCallback(async () => {
    const before = queries.getQueryData<Me>(meQuery.queryKey)?.name;
    const me = await queries.fetchQuery({ ...meQuery, staleTime: 0 }).catch(() => null);
    if (me === null) return;
    if (before !== undefined && me.name !== before) setOther(me.name);
    else settleSignOn(true);
  }, [queries]);

  useEffect(() => {
    if (!expired) return;
    const channel = new BroadcastChannel(signedOnPath);
    channel.onmessage = () => void settle();
    return () => channel.close();
  }, [expired, settle]);

  return (
    <Modal
      open={expired}
      title="登录已过期"
      closable={false}
      mask={{ closable: false }}
      keyboard={false}
      footer={[
        <Button key="stay" onClick={() => settleSignOn(false)}>
          暂不登录
        </Button>,
        <Button key="on" type="primary" href={signOnAddress(signedOnPath)} target="_blank">
          重新登录
        </Button>,
      ]}
    >
      <p>页面和已填写的内容都保留着。在新窗口登录后，刚才的操作会自动继续。</p>
      {other !== "" && (
        <p className="x-standing-danger">
          新登录的是 {other}，与本页不是同一人。请用原来的账号登录，或
          <button type="button" className="x-plain-button" onClick={() => window.location.assign("/")}>
            以 {other} 重新打开
          </button>
        </p>
      )}
    </Modal>
  );
}
