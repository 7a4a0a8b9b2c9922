import type { Role } from "@/app/session";

/** Who decides card by card (S36). */
export const approvers: readonly Role[] = ["DIR", "LG", "HEAD", "CITY", "PROV"];
