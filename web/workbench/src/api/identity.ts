// 本轮身份: the grant under which this piece of work is done. It is this window's: another window of the same person may
// work under another grant at the same time. A new window begins with the one last chosen in its office.

const kept = "xuncha:identity:";

let identity = "";

/** The grant that requests name; empty when the service may choose the only one. */
export function currentIdentity(): string {
  return identity;
}

/** Works under this grant from now on in this window, and in windows that are opened next for this office. */
export function setIdentity(office: string, grant: string): void {
  identity = grant;
  if (grant === "" || sessionStorage.getItem(kept + office) === grant) return;
  sessionStorage.setItem(kept + office, grant);
  localStorage.setItem(kept + office, grant);
}

/** The grant that this window works under in an office, or the one last chosen there, if any. */
export function rememberedIdentity(office: string): string {
  return sessionStorage.getItem(kept + office) ?? localStorage.getItem(kept + office) ?? "";
}
