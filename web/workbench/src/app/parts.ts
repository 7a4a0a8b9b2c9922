import { queryOptions } from "@tanstack/react-query";
import { answer, api } from "@/api/client";
import { screens } from "@/screens/all";
import { mayOpen } from "@/screens/registry";
import type { Role } from "./session";

/** What the office has of what not every office needs; asked only where an entry of the navigation depends on it. */
export function partsQuery(office: string, role: Role) {
  return queryOptions({
    queryKey: ["parts", office],
    enabled: screens.some((each) => each.nav?.part !== undefined && mayOpen(each, role)),
    queryFn: ({ signal }) => answer(api.GET("/v1/offices/{office}/parts", { signal, params: { path: { office } } })),
    staleTime: 5 * 60_000,
  });
}
