import { DownOutlined } from "@ant-design/icons";
import { Button, Dropdown } from "antd";
import type { ReactNode } from "react";
import { setIdentity } from "@/api/identity";
import { formatDay } from "@/words/dates";
import { type Identity, roleNames, useSession } from "./session";

/** 「青榆县 · 巡察办干部」, with the unit for a unit's people. */
export function identityWords(identity: Identity): string {
  return [identity.office.name, identity.unit, roleNames[identity.role] ?? identity.role].filter(Boolean).join(" · ");
}

/** 本轮身份 (N2): as whom this piece of work is done. */
export function IdentitySwitch(): ReactNode {
  const { identity, identities } = useSession();
  const words = `本轮身份：${[identity.unit, roleNames[identity.role]].filter(Boolean).join(" · ")}`;
  const until = identity.until ? `授权至 ${formatDay(identity.until)}` : "";
  if (identities.length === 1) {
    return (
      <span className="x-header-identity" title={until}>
        {words}
      </span>
    );
  }
  return (
    <Dropdown
      trigger={["click"]}
      menu={{
        selectedKeys: [identity.grant],
        items: identities.map((each) => ({
          key: each.grant,
          label: `${identityWords(each)}${each.until ? `（至 ${formatDay(each.until)}）` : ""}`,
        })),
        onClick: ({ key }) => {
          const chosen = identities.find((each) => each.grant === key);
          if (chosen && chosen.grant !== identity.grant) workAs(chosen);
        },
      }}
    >
      <Button type="text" className="x-header-identity" title={until}>
        {words} <DownOutlined />
      </Button>
    </Dropdown>
  );
}

/** Works in another identity: everything on screen belongs to the old one, so the page begins anew. */
export function workAs(identity: Identity, path = ""): void {
  setIdentity(identity.office.slug, identity.grant);
  window.location.assign(`/w/${identity.office.slug}${path}`);
}
