import { DownOutlined } from "@ant-design/icons";
import { Button, Dropdown, Modal } from "antd";
import type { ReactNode } from "react";
import { clearField, unsent } from "@/field/store";
import { forgetDrafts } from "@/parts/form/drafts";
import { signOutAddress } from "./addresses";
import { prefer, usePreferences } from "./look";
import { type Identity, useSession } from "./session";

const themes = { light: "浅色", dark: "深色", system: "跟随系统" } as const;
const sizes = { standard: "标准", large: "大", largest: "特大" } as const;

/** The person's own menu: how things look, and the way out. */
export function OwnMenu(): ReactNode {
  const { name, identities } = useSession();
  const { theme, size, singleKeys } = usePreferences();
  return (
    <Dropdown
      trigger={["click"]}
      menu={{
        selectable: true,
        multiple: true,
        selectedKeys: [`theme:${theme}`, `size:${size}`],
        items: [
          group("theme", "主题", themes),
          group("size", "字号", sizes),
          { type: "divider" },
          { key: "keys", label: singleKeys ? "关闭单键快捷键" : "打开单键快捷键" },
          { type: "divider" },
          { key: "out", label: "退出登录" },
        ],
        onClick: ({ key }) => {
          const [what, value] = key.split(":");
          if (what === "theme") prefer({ theme: value as keyof typeof themes });
          if (what === "size") prefer({ size: value as keyof typeof sizes });
          if (what === "keys") prefer({ singleKeys: !singleKeys });
          if (what === "out") void leave(identities);
        },
      }}
    >
      <Button type="text">
        {name} <DownOutlined />
      </Button>
    </Dropdown>
  );
}

function group(key: string, label: string, words: Readonly<Record<string, string>>) {
  return {
    key,
    type: "group" as const,
    label,
    children: Object.entries(words).map(([value, text]) => ({ key: `${key}:${value}`, label: text })),
  };
}

// What this browser keeps of the person goes with them; results of checks that were not sent yet are asked about first.
// What it keeps of others waits for those.
async function leave(identities: readonly Identity[]): Promise<void> {
  const members = identities.map(({ member }) => member);
  const waiting = await unsent(members).catch(() => 0); // a browser that keeps nothing has nothing to lose
  if (waiting > 0 && !(await asked(waiting))) return;
  await clearField(members).catch(() => undefined);
  forgetDrafts(identities.map(({ grant }) => grant));
  signOut();
}

function asked(waiting: number): Promise<boolean> {
  return new Promise((resolve) => {
    Modal.confirm({
      title: `${waiting} 条检查结果尚未上传`,
      content: "退出登录会从本机删除这些结果和照片。先打开现场填写页联网上传，再退出登录。",
      okText: "删除并退出",
      cancelText: "暂不退出",
      onOk: () => resolve(true),
      onCancel: () => resolve(false),
    });
  });
}

// Signing out changes something, so it is a POST, and it ends at the portal, so it is a navigation.
function signOut(): void {
  const form = Object.assign(document.createElement("form"), { method: "post", action: signOutAddress });
  document.body.append(form);
  form.submit();
}
