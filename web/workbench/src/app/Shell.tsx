import { MenuFoldOutlined, MenuOutlined, MenuUnfoldOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Link, Outlet, useMatches, useRouter, useRouterState } from "@tanstack/react-router";
import { Button, Drawer } from "antd";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { LeaveQuestion } from "@/parts/form/leave";
import { useDialogKeys, useKeys } from "@/parts/keys";
import { Toasts } from "@/parts/toast";
import { useNarrow } from "@/parts/useNarrow";
import { type Entry, familyOf, navigation, screens } from "@/screens/all";
import { mayOpen, type Screen } from "@/screens/registry";
import { todoQuery } from "@/screens/todo/data";
import { BelowBand } from "./BelowBand";
import { setBadge, useBadges } from "./badges";
import { useShownCrumb } from "./crumb";
import { Help } from "./Help";
import { IdentitySwitch } from "./IdentitySwitch";
import { prefer, usePreferences } from "./look";
import { OwnMenu } from "./OwnMenu";
import { partsQuery } from "./parts";
import { SessionWarning } from "./SessionWarning";
import { useSession } from "./session";
import "./shell.css";

/** What stands around every screen. */
export function Shell(): ReactNode {
  useInnerLinks();
  useTodoBadge();
  const { navFolded } = usePreferences();
  const narrow = useNarrow();
  const [help, setHelp] = useState(false);
  useKeys({ "?": () => setHelp(true) });
  useDialogKeys();
  return (
    <div className={navFolded ? "x-shell x-shell-folded" : "x-shell"}>
      <a className="x-skip" href="#main">
        跳到正文
      </a>
      <Lines />
      <Header narrow={narrow} onHelp={() => setHelp(true)} />
      {!narrow && (
        <aside className="x-nav x-no-print">
          <Navigation folded={navFolded} />
          <Button
            type="text"
            className="x-nav-fold"
            icon={navFolded ? <MenuUnfoldOutlined /> : <MenuFoldOutlined />}
            aria-label={navFolded ? "展开导航" : "收起导航"}
            onClick={() => prefer({ navFolded: !navFolded })}
          />
        </aside>
      )}
      <Main />
      <Toasts />
      <LeaveQuestion />
      <SessionWarning />
      {help && <Help onClose={() => setHelp(false)} />}
    </div>
  );
}

// A plain link to one of our screens opens it without loading the application anew; a person who wants a tab of its own
// (Ctrl, ⌘, Shift, the middle button) gets one.
function useInnerLinks(): void {
  const router = useRouter();
  useEffect(() => {
    const follow = (event: MouseEvent) => {
      if (event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
      const link = (event.target as Element | null)?.closest?.<HTMLAnchorElement>("a[href]");
      if (!link || link.target || link.hasAttribute("download")) return;
      const to = new URL(link.href);
      if (to.origin !== window.location.origin || !to.pathname.startsWith("/w/") || to.hash !== "") return;
      event.preventDefault();
      void router.navigate({ href: to.pathname + to.search });
    };
    document.addEventListener("click", follow);
    return () => document.removeEventListener("click", follow);
  }, [router]);
}

// The number of things to do stands beside their entry whatever screen is open.
function useTodoBadge(): void {
  const { office } = useSession();
  const { data } = useQuery(todoQuery(office));
  useEffect(() => setBadge("todo", data?.total ?? 0), [data?.total]);
}

// The two lines that are on every page: whose data this is, and what must never be in it (N1).
function Lines(): ReactNode {
  const { demo } = useSession();
  return (
    <aside className="x-lines-top x-no-print" aria-label="系统提示">
      {demo && <span>演示数据，与任何真实地区、单位和个人无关</span>}
      <span>本系统不得存储、处理、传输国家秘密</span>
    </aside>
  );
}

function Header({ narrow, onHelp }: { narrow: boolean; onHelp: () => void }): ReactNode {
  const { identity } = useSession();
  const [open, setOpen] = useState(false);
  const path = useRouterState({ select: (state) => state.location.pathname });
  // biome-ignore lint/correctness/useExhaustiveDependencies: the menu closes whenever another page is shown
  useEffect(() => setOpen(false), [path]);
  return (
    <header className="x-header x-no-print">
      {narrow && (
        <>
          <Button type="text" icon={<MenuOutlined />} aria-label="打开导航" onClick={() => setOpen(true)} />
          <Drawer placement="left" size={260} open={open} onClose={() => setOpen(false)} title={identity.office.name}>
            <IdentitySwitch />
            <Navigation folded={false} />
          </Drawer>
        </>
      )}
      <span className="x-header-office">{identity.office.short || identity.office.name}</span>
      {!narrow && <Breadcrumb />}
      <IdentitySwitch />
      <Button type="text" className="x-header-help" onClick={onHelp}>
        帮助
      </Button>
      <OwnMenu />
    </header>
  );
}

// The screen changes while the frame stays: the focus goes to its beginning, as it would with a new page.
function Main(): ReactNode {
  const main = useRef<HTMLElement>(null);
  const path = useRouterState({ select: (state) => state.resolvedLocation?.pathname });
  const shown = useRef(path);
  useEffect(() => {
    if (path === undefined || shown.current === undefined || shown.current === path) {
      shown.current = path;
      return;
    }
    shown.current = path;
    main.current?.focus({ preventScroll: true });
  }, [path]);
  return (
    <main id="main" ref={main} tabIndex={-1} className="x-main">
      <BelowBand />
      <Family />
      <Outlet />
    </main>
  );
}

function Navigation({ folded }: { folded: boolean }): ReactNode {
  const { identity, office } = useSession();
  const { data: parts } = useQuery(partsQuery(office, identity.role));
  const groups = navigation(identity.role, parts);
  return (
    <nav aria-label="主导航">
      <ul>
        {groups.map(({ group, entries }) => (
          <li key={group}>
            {entries.length > 1 && !folded && <span className="x-nav-group">{group}</span>}
            <ul className={entries.length > 1 && !folded ? "x-nav-inner" : undefined}>
              {entries.map((entry) => (
                <NavEntry key={entry.screens[0].path} entry={entry} folded={folded} />
              ))}
            </ul>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function NavEntry({ entry, folded }: { entry: Entry; folded: boolean }): ReactNode {
  const { office } = useSession();
  const { label: words, screens: family } = entry;
  const badge = useBadges()[family[0].path];
  const shown = useShown();
  const here = shown !== undefined && family.some(({ path }) => path === shown.path || path === moduleOf(shown).path);
  return (
    <li>
      <Link
        to={`/w/${office}/${family[0].path}` as string}
        className={here ? "x-nav-entry x-nav-here" : "x-nav-entry"}
        aria-current={here ? "page" : undefined}
        title={folded ? words : undefined}
      >
        <span aria-hidden={folded || undefined}>{folded ? words.slice(0, 2) : words}</span>
        {folded && <span className="x-hidden">{words}</span>}
        {badge !== undefined && badge > 0 && (
          <span className="x-nav-badge x-number">
            {badge}
            <span className="x-hidden">件</span>
          </span>
        )}
      </Link>
    </li>
  );
}

/** The screen that is open. */
function useShown(): Screen | undefined {
  return useMatches({ select: (matches) => matches.at(-1)?.staticData.screen });
}

// The screens that stand beside the open one: the navigation has one entry for all of them.
function Family(): ReactNode {
  const { office, identity } = useSession();
  const shown = useShown();
  const family = familyOf(shown, identity.role);
  if (family.length === 0) return null;
  return (
    <nav aria-label={shown?.nav?.family} className="x-family x-no-print">
      {family.map(({ path, title, nav }) => (
        <Link key={path} to={`/w/${office}/${path}` as string} aria-current={path === shown?.path ? "page" : undefined}>
          {nav?.label ?? title}
        </Link>
      ))}
    </nav>
  );
}

/** 省 / 市 / 县 / 模块 / 对象 */
function Breadcrumb(): ReactNode {
  const { identity, office } = useSession();
  const shown = useShown();
  const object = useShownCrumb();
  const steps: ReactNode[] = [...identity.path, identity.office.name];
  if (shown) {
    const module = moduleOf(shown);
    const leads = module !== shown || object !== "";
    const opens = leads && !module.path.includes("$") && mayOpen(module, identity.role);
    steps.push(opens ? <Link to={`/w/${office}/${module.path}` as string}>{module.title}</Link> : module.title);
    if (leads) steps.push(object || shown.title);
  }
  return (
    <nav aria-label="当前位置" className="x-crumbs">
      <ol>
        {steps.map((step, i) => (
          <li key={String(i)}>{step}</li>
        ))}
      </ol>
    </nav>
  );
}

// A screen about one object stands under the list its path begins with.
function moduleOf(screen: Screen): Screen {
  const first = screen.path.split("/")[0];
  return screens.find((each) => each.path === first) ?? screen;
}
