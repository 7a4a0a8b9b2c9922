import { type ErrorComponentProps, useRouter } from "@tanstack/react-router";
import { Button } from "antd";
import type { ReactNode } from "react";
import { Page, useTitle } from "@/parts/page";
import { Empty, NoRight, ProblemNotice } from "@/parts/show";
import { mayOpen, type Screen } from "@/screens/registry";
import { identityWords, workAs } from "./IdentitySwitch";
import type { Me } from "./me";
import { Gate } from "./SignIn";
import { useContact, useSession } from "./session";

/** No screen has this address. */
export function NotFound(): ReactNode {
  return (
    <Page title="没有这个页面">
      <Empty actions={<Button href="/">回到首页</Button>}>地址可能不完整，或内容已被移动。请从左侧导航进入。</Empty>
    </Page>
  );
}

/** A screen that this identity may not open: which one may, or who can help. */
export function NoRightPage({ screen }: { screen: Screen }): ReactNode {
  const { identities, office } = useSession();
  const contact = useContact();
  const able = identities.filter((each) => each.office.slug === office && mayOpen(screen, each.role));
  return (
    <Page title="不能打开此页面" windowTitle="没有权限">
      {able.length > 0 ? (
        <Empty
          actions={able.map((each) => (
            <Button key={each.grant} type="primary" onClick={() => workAs(each, `/${screen.path}`)}>
              以「{identityWords(each)}」打开
            </Button>
          ))}
        >
          「{screen.title}」需要换一个身份打开。
        </Empty>
      ) : (
        <NoRight contact={contact} />
      )}
    </Page>
  );
}

/** The address names an office where this person has no identity. */
export function NotMyOffice({ me }: { me: Me }): ReactNode {
  useTitle("没有权限");
  return (
    <Gate title="不能打开此单位的页面">
      <p>{me.name} 在此单位没有有效的授权。需要时请联系该单位管理员。</p>
      <ul>
        {me.identities.map((each) => (
          <li key={each.grant}>
            <a href={`/w/${each.office.slug}`}>{identityWords(each)}</a>
          </li>
        ))}
      </ul>
    </Gate>
  );
}

/** A screen broke or could not be loaded: the frame stays, trying again is one click. */
export function Broken({ error, reset }: ErrorComponentProps): ReactNode {
  const router = useRouter();
  // After an update of the service the old page's parts are gone; loading the page anew fetches the new ones.
  const outdated =
    error instanceof Error && /dynamically imported module|importing a module script/i.test(error.message);
  return (
    <Page title="页面没有打开" windowTitle="出错">
      <ProblemNotice
        problem={error}
        retry={() => {
          if (outdated) window.location.reload();
          else void router.invalidate().then(reset);
        }}
      />
    </Page>
  );
}
