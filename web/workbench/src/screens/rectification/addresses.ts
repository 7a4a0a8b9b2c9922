// The addresses of the ledger and of what stands in it.

import { writeAddress } from "@/app/address";
import { type Session, wholeList } from "@/parts";

/** The page of one item, for who looks at the own office or at one below. */
export function itemHref(
  { office, below }: Pick<Session, "office" | "below">,
  id: string,
  ask: Readonly<Record<string, string>> = {},
): string {
  return `/w/${office}/ledger/${id}${writeAddress({ ...ask, below })}`;
}

/** The ledger with a question, of the own office or of one below. Without a question it is the whole one. */
export function ledgerHref(office: string, slug: string, ask: Readonly<Record<string, string>> = {}): string {
  const below = slug === office ? undefined : slug;
  const asked = Object.keys(ask).length > 0 ? ask : wholeList;
  return `/w/${office}/ledger${writeAddress({ below, ...asked })}`;
}
