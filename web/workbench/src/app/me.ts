import { queryOptions } from "@tanstack/react-query";
import { answer, api } from "@/api/client";
import { rememberedIdentity } from "@/api/identity";
import { Problem } from "@/api/problem";
import { signedOnInstead } from "@/api/relogin";
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

// Whose page this is: the first person it was shown to, until it is loaded anew.
let owner: Me | undefined;

/** Asks who is signed on now, and tells everybody when that is not whose page this is. */
export async function whoIsHere(): Promise<{ me: Me; owns: boolean }> {
  const me = readMe(await answer(api.GET("/v1/me")));
  const owns = owner === undefined || samePerson(owner, me);
  if (!owns) signedOnInstead(me.name);
  return { me, owns };
}

/** Whether two answers are about one person. Names are not unique; a grant is one person's. */
export function samePerson(one: Me, two: Me): boolean {
  if (one.identities.length === 0 || two.identities.length === 0) return one.name === two.name;
  return one.identities.some(({ grant }) => two.identities.some((each) => each.grant === grant));
}

/** Whose page this is. A 401 means nobody; once it is somebody's, it does not become another's. */
export const meQuery = queryOptions({
  queryKey: ["me"],
  queryFn: async () => {
    const { me, owns } = await whoIsHere();
    if (!owns) throw new Problem(401, "another-person", `新登录的是 ${me.name}，与本页不是同一人。`);
    owner = me;
    return me;
  },
  staleTime: 5 * 60_000,
  retry: false,
});

function readMe(me: components["schemas"]["Me"]): Me {
  setServiceTime(me.now);
  return {
    name: me.name,
    identities: me.identities.map((each) => ({
      grant: each.grant,
      member: each.member,
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

/** The identity to work in for an office: the one this window works in, the one last chosen there, or the first. */
export function identityFor(me: Me, office: string): Identity | undefined {
  const here = me.identities.filter((each) => each.office.slug === office);
  return here.find((each) => each.grant === rememberedIdentity(office)) ?? here[0];
}
