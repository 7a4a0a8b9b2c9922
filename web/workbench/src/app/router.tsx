import { type QueryClient, useSuspenseQuery } from "@tanstack/react-query";
import {
  type AsyncRouteComponent,
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Navigate,
  Outlet,
  redirect,
  useParams,
  useSearch,
} from "@tanstack/react-router";
import type { ReactNode } from "react";
import { setIdentity } from "@/api/identity";
import { asProblem } from "@/api/problem";
import { navigation, screens } from "@/screens/all";
import { mayOpen, type Screen } from "@/screens/registry";
import { parseAddress, writeAddress } from "./address";
import { signedOnPath } from "./addresses";
import { identityFor, meQuery } from "./me";
import { Broken, NoRightPage, NotFound, NotMyOffice } from "./pages";
import { Relogin } from "./Relogin";
import { Shell } from "./Shell";
import { SignedOn, SignIn, Waiting } from "./SignIn";
import { type Session, SessionProvider, useSession } from "./session";

declare module "@tanstack/react-router" {
  interface StaticDataRouteOption {
    screen?: Screen;
  }
}

const root = createRootRouteWithContext<{ queries: QueryClient }>()({
  component: () => (
    <>
      <Outlet />
      <Relogin />
    </>
  ),
});

const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  component: () => <SignIn next={nextOf(useSearch({ strict: false }) as Record<string, string>)} />,
});

// Only a path of ours: an address elsewhere would make our sign-in page a way to somebody else's.
function nextOf(search: Record<string, string>): string {
  return search.next && /^\/w\/(?!\/)/.test(search.next) ? search.next : "/";
}

const signedOn = createRoute({ getParentRoute: () => root, path: signedOnPath, component: SignedOn });

/** Everything below needs somebody who is signed on. */
const inside = createRoute({
  getParentRoute: () => root,
  id: "inside",
  beforeLoad: async ({ context, location }) => {
    try {
      await context.queries.ensureQueryData(meQuery);
    } catch (thrown) {
      if (asProblem(thrown).status !== 401) throw thrown;
      throw redirect({ to: "/sign-in", search: { next: location.href } as never, replace: true });
    }
  },
  component: Outlet,
});

const start = createRoute({ getParentRoute: () => inside, path: "/", component: Start });

function Start(): ReactNode {
  const me = useSuspenseQuery(meQuery).data;
  const first = me.identities[0];
  if (first === undefined) return <Waiting name={me.name} pending={me.pending} />;
  return <Navigate to={`/w/${first.office.slug}` as string} replace />;
}

const officeRoute = createRoute({ getParentRoute: () => inside, path: "/w/$office", component: OfficeFrame });

function OfficeFrame(): ReactNode {
  const me = useSuspenseQuery(meQuery).data;
  const { office } = useParams({ strict: false }) as { office: string };
  const { below } = useSearch({ strict: false }) as { below?: string };
  const identity = identityFor(me, office);
  if (identity === undefined) return <NotMyOffice me={me} />;
  setIdentity(office, identity.grant); // before any screen below asks for anything
  const session: Session = { name: me.name, identities: me.identities, identity, office, below, demo: me.demo };
  return (
    <SessionProvider value={session} key={identity.grant}>
      <Shell />
    </SessionProvider>
  );
}

const officeStart = createRoute({ getParentRoute: () => officeRoute, path: "/", component: OfficeStart });

// The first entry of the navigation is where a role's day begins.
function OfficeStart(): ReactNode {
  const { office, identity } = useSession();
  const first = navigation(identity.role)[0]?.entries[0]?.screens[0];
  if (first === undefined) return <NotFound />;
  return <Navigate to={`/w/${office}/${first.path}` as string} replace />;
}

const screenRoutes = screens.map((screen) => {
  const Component = lazyRouteComponent(screen.load) as AsyncRouteComponent<object>;
  return createRoute({
    getParentRoute: () => officeRoute,
    path: screen.path,
    staticData: { screen },
    component: () => <Guarded screen={screen} Component={Component} />,
    loader: () => Component.preload?.(),
  });
});

/**
 * A screen, for who may open it. A screen of one thing begins anew with another: what was typed, chosen or queued for
 * the one never reaches the other.
 */
export function Guarded({ screen, Component }: { screen: Screen; Component: React.ComponentType }): ReactNode {
  const { identity } = useSession();
  const { office: _, ...thing } = useParams({ strict: false }) as Record<string, string>;
  if (!mayOpen(screen, identity.role)) return <NoRightPage screen={screen} />;
  return <Component key={Object.values(thing).join(" ")} />;
}

/** The router over all screens. */
export function makeRouter(queries: QueryClient) {
  return createRouter({
    routeTree: root.addChildren([
      signIn,
      signedOn,
      inside.addChildren([start, officeRoute.addChildren([officeStart, ...screenRoutes])]),
    ]),
    context: { queries },
    parseSearch: parseAddress,
    stringifySearch: writeAddress,
    scrollRestoration: true,
    scrollToTopSelectors: ["#main"],
    defaultNotFoundComponent: NotFound,
    defaultErrorComponent: Broken,
    defaultPendingMs: 300,
    defaultPreload: "intent",
  });
}
