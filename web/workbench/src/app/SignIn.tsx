import { Button } from "antd";
import { type ReactNode, useEffect } from "react";
import { useTitle } from "@/parts/page";
import { Notice } from "@/parts/show";
import { signedOnPath, signOnAddress } from "./addresses";

/** The page before signing on. Passwords are the portal's business, not ours. */
export function SignIn({ next }: { next: string }): ReactNode {
  useTitle("登录");
  return (
    <Gate title="巡察工作台">
      <p>巡察整改、上下联动和公开工作平台。使用政务门户账号登录。</p>
      <Button type="primary" size="large" href={signOnAddress(next)}>
        登录政务门户
      </Button>
    </Gate>
  );
}

/** Somebody who is signed on but has no identity yet. */
export function Waiting({ name, pending }: { name: string; pending: readonly string[] }): ReactNode {
  useTitle("等待开通");
  return (
    <Gate title={`${name}，你好`}>
      {pending.length > 0 ? (
        <p>已向 {pending.join("、")} 提交开通申请，由该单位管理员核对身份后开通。开通后刷新本页即可。</p>
      ) : (
        <p>你目前没有有效的授权。授权随轮次开通和结束，请联系所在巡察办的单位管理员。</p>
      )}
      <Button type="primary" onClick={() => window.location.reload()}>
        刷新
      </Button>
    </Gate>
  );
}

/** A plain page with a frame of its own. */
export function Gate({ title, children }: { title: string; children: ReactNode }): ReactNode {
  return (
    <main className="x-gate">
      <h1>{title}</h1>
      {children}
      <Notice tone="neutral">本系统不得存储、处理、传输国家秘密</Notice>
    </main>
  );
}

/** Where a sign-on in a second window ends: it tells the first window and closes. */
export function SignedOn(): ReactNode {
  useEffect(() => {
    const channel = new BroadcastChannel(signedOnPath);
    channel.postMessage("signed on");
    channel.close();
    window.close();
  }, []);
  return (
    <Gate title="已登录">
      <p>可以关闭本窗口，回到原来的页面继续工作。</p>
    </Gate>
  );
}
