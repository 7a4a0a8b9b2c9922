import { queryOptions } from "@tanstack/react-query";
import { answer, api } from "@/api/client";
import { rememberedIdentity } from "@/api/identity";
import type { components } from "@/api/schema";
import { setServiceTime } from "@/words/clock";
import type { Identity, Office, Role } from "./session";

/** Who is signed on, with every identity in force today. */
export interface Me {
  name: string;
  identities: readonly Identity[];
  /** Offices where a request for access waits. */
  pending: readonly string[];
  demo: boolean;
}

/** Asks who is signed on. A 401 means nobody. */
export const meQuery = queryOptions({
  queryKey: ["me"],
  queryFn: async () => readMe(await answer(api.GET("/v1/me"))),
  staleTime: 5 * 60_000,
  retry: false,
});

function readMe(me: components["schemas"]["Me"]): Me {
  setServiceTime(me.now);
  return {
    name: me.name,
    identities: me.identities.map((each) => ({
      grant: each.grant,
      role: each.role as Role,
      office: readOffice(each.office),
      path: each.path,
      unit: each.unit_name,
      until: each.until,
    })),
    pending: me.pending,
    demo: me.demo,
  };
}

function readOffice({ slug, name, short, level, phone }: components["schemas"]["TenantsTenant"]): Office {
  return { slug, name, short, level, phone };
}

/** The identity to work in for an office: the one last used there, or the first. */
export function identityFor(me: Me, office: string): Identity | undefined {
  const here = me.identities.filter((each) => each.office.slug === office);
  return here.find((each) => each.grant === rememberedIdentity(office)) ?? here[0];
}
