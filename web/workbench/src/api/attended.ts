// Whether somebody is at the screen. What a page asks for by itself, minute by minute, must not keep a session alive whose
// person has left (UX 6.1, 16).

/** How long a person may sit still before the page stops asking by itself. */
const STILL = 5 * 60_000;

let last = Date.now();
for (const sign of ["pointerdown", "keydown", "wheel", "touchstart"]) {
  window.addEventListener(
    sign,
    () => {
      last = Date.now();
    },
    { capture: true, passive: true },
  );
}

/** True while somebody touched the page in the last minutes. */
export function attended(at = Date.now()): boolean {
  return at - last < STILL;
}
