// 本轮身份: the grant under which this piece of work is done. Kept per office, so that a person with several grants
// finds the one last used there.

const kept = "xuncha:identity:";

let identity = "";

/** The grant that requests name; empty when the service may choose the only one. */
export function currentIdentity(): string {
  return identity;
}

/** Works under this grant from now on, and next time in this office. */
export function setIdentity(office: string, grant: string): void {
  identity = grant;
  if (grant !== "") localStorage.setItem(kept + office, grant);
}

/** The grant last used in an office, if any. */
export function rememberedIdentity(office: string): string {
  return localStorage.getItem(kept + office) ?? "";
}
