// Who is signed on, for which office, in which identity. Read once from `GET /v1/me`, shared by every screen.

import { createContext, useContext } from "react";

/** The role codes of the offices. */
export type Role =
  | "OFF"
  | "DIR"
  | "LDR"
  | "VLD"
  | "MEM"
  | "LG"
  | "UNIT"
  | "HEAD"
  | "DISC"
  | "ORG"
  | "DEPT"
  | "CITY"
  | "PROV"
  | "ADM"
  | "PLAT";

/** What people call the roles. */
export const roleNames: Readonly<Record<Role, string>> = {
  OFF: "巡察办干部",
  DIR: "巡察办主任",
  LDR: "巡察组组长",
  VLD: "巡察组副组长",
  MEM: "巡察组组员",
  LG: "领导小组成员",
  UNIT: "被巡察单位联络员",
  HEAD: "被巡察单位主要负责人",
  DISC: "纪委监委",
  ORG: "组织部",
  DEPT: "协作部门",
  CITY: "市委巡察办",
  PROV: "省委巡视办",
  ADM: "单位管理员",
  PLAT: "平台运维",
};

/** An office (巡察办) as the header and the breadcrumb name it. */
export interface Office {
  slug: string;
  name: string;
  /** 县委巡察办 and the like. */
  short: string;
  level: "province" | "city" | "county";
  phone: string;
}

/** One identity (身份) a person may work in. */
export interface Identity {
  grant: string;
  /** The person in that office, whatever the grant. */
  member: string;
  role: Role;
  office: Office;
  /** The names of the offices above, from the top. */
  path: readonly string[];
  /** For a unit's people: their unit. */
  unit?: string;
  /** The last day of the authorisation. */
  until?: string;
}

/** The person at work and the identity of this piece of work. */
export interface Session {
  name: string;
  identities: readonly Identity[];
  identity: Identity;
  /** The office in the address, which requests act for. */
  office: string;
  /** The office below that is looked at, read-only (N3); requests name it as `below`. */
  below?: string;
  /** True on an instance whose data is invented. */
  demo: boolean;
}

const context = createContext<Session | null>(null);

/** Gives the session to the screens below. */
export const SessionProvider = context.Provider;

/** The session. Only below the shell, where there always is one. */
export function useSession(): Session {
  const session = useContext(context);
  if (session === null) throw new Error("no session outside the shell");
  return session;
}

/** Whether the identity of this piece of work has one of these roles. */
export function useRole(...roles: readonly Role[]): boolean {
  return roles.includes(useSession().identity.role);
}

/** Who can help somebody without a right: the office and its telephone. */
export function useContact(): string {
  const { office } = useSession().identity;
  return [office.short || office.name, office.phone].filter(Boolean).join(" ");
}
