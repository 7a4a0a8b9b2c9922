// Where the browser goes to sign on and out. These are pages of the service, not operations of the API.

/** Where a finished sign-on in a second window reports back. */
export const signedOnPath = "/w/-/signed-on";

/** The address that begins a sign-on and comes back to `next`. */
export function signOnAddress(next: string): string {
  return `/auth/login?next=${encodeURIComponent(next)}`;
}

/** The address a sign-out is posted to. */
export const signOutAddress = "/auth/logout";
