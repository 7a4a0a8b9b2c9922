// The service decides what time it is: a demo runs on a shifted clock, and an office PC may be minutes off. Everything
// on screen that compares with "now" (逾期, 剩余, 「2 分钟前」) asks here.

let offset = 0;

/** Takes the service's present instant, as told by `GET /v1/me`. */
export function setServiceTime(now: string | undefined): void {
  const told = now === undefined ? Number.NaN : Date.parse(now);
  offset = Number.isNaN(told) ? 0 : told - Date.now();
}

/** The present instant by the service's clock. */
export function now(): Date {
  return new Date(Date.now() + offset);
}

/** Today's day in Asia/Shanghai, as `2026-10-15`. */
export function today(): string {
  return dayOf(now());
}

// The whole country keeps one clock, without summer time.
const EAST_EIGHT = 8 * 3_600_000;

/** The day an instant falls on in Asia/Shanghai. */
export function dayOf(instant: Date): string {
  return new Date(instant.getTime() + EAST_EIGHT).toISOString().slice(0, 10);
}

/** The 24-hour time of an instant in Asia/Shanghai, `14:30`. */
export function timeOf(instant: Date): string {
  return new Date(instant.getTime() + EAST_EIGHT).toISOString().slice(11, 16);
}
