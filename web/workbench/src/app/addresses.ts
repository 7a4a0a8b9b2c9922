// Where the browser goes to sign on and out. These are pages of the service, not operations of the API.

/** Where a finished sign-on in a second window reports back. */
export const signedOnPath = "/w/-/signed-on";

/** The address that begins a sign-on and comes back to `next`. */
export function signOnAddress(next: string): string {
  return `/auth/sign-in?return=${encodeURIComponent(next)}`;
}

/** The same after somebody else signed on: the portal asks who comes, and does not send that person back again. */
export function switchAddress(next: string): string {
  return `${signOnAddress(next)}&switch=account`;
}

/** The address where somebody who is signed on proves it once more, before signing or publishing. */
export function stepUpAddress(next: string): string {
  return `/auth/step-up?return=${encodeURIComponent(next)}`;
}

/** The address a sign-out is posted to. */
export const signOutAddress = "/auth/sign-out";
