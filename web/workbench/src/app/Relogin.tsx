import { Button, Modal } from "antd";
import { type ReactNode, useEffect } from "react";
import { type SignOnNeed, settleSignOn, useSignOn } from "@/api/relogin";
import { signedOnPath, signOnAddress, stepUpAddress, switchAddress } from "./addresses";
import { whoIsHere } from "./me";

const words: Readonly<Record<SignOnNeed, { title: string; text: string; go: string; stay: string; to: string }>> = {
  expired: {
    title: "登录已过期",
    text: "页面和已填写的内容都保留着。在新窗口登录后，刚才的操作会自动继续。",
    go: "重新登录",
    stay: "暂不登录",
    to: signOnAddress(signedOnPath),
  },
  "step-up": {
    title: "需要再次验证身份",
    text: "此操作需要再次验证身份。在新窗口验证后，刚才的操作会自动继续，已填写的内容不会丢失。",
    go: "验证身份",
    stay: "暂不办理",
    to: stepUpAddress(signedOnPath),
  },
};

/** Signing on again in place: the page stays, and what was typed stays with it. */
export function Relogin(): ReactNode {
  const { need, other } = useSignOn();

  // Any tab's sign-on changes whose session this is, also while nothing waits here. Only the latest answer counts.
  useEffect(() => {
    let latest = 0;
    const channel = new BroadcastChannel(signedOnPath);
    channel.onmessage = async () => {
      const turn = ++latest;
      const here = await whoIsHere().catch(() => null);
      if (here?.owns && turn === latest) settleSignOn(true);
    };
    return () => channel.close();
  }, []);

  const said = words[need ?? "expired"];
  return (
    // Above every other dialog, also one that was opened from a drawer and stands above it.
    <Modal
      open={need !== null}
      zIndex={1900}
      title={said.title}
      closable={false}
      keyboard={false}
      footer={[
        <Button key="stay" onClick={() => settleSignOn(false)}>
          {said.stay}
        </Button>,
        <Button key="on" type="primary" href={other === "" ? said.to : switchAddress(signedOnPath)} target="_blank">
          {said.go}
        </Button>,
      ]}
    >
      <p>{said.text}</p>
      {other !== "" && (
        <p className="x-standing-danger">
          新登录的是 {other}，与本页不是同一人。请重新登录，在门户选择原来的账号，或
          <button type="button" className="x-plain-button" onClick={() => window.location.assign("/")}>
            以 {other} 重新打开
          </button>
        </p>
      )}
    </Modal>
  );
}
