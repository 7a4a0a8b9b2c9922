import { NO_DATA } from "./dates";

function grouped(digits: string): string {
  return digits.replace(/\B(?=(\d{3})+(?!\d))/g, ",");
}

/** A count; thousands are separated from 10,000 on. */
export function formatCount(n: number | null | undefined): string {
  if (n === null || n === undefined) return NO_DATA;
  const digits = String(Math.abs(Math.trunc(n)));
  return (n < 0 ? "-" : "") + (digits.length > 4 ? grouped(digits) : digits);
}

// Fen are integers and stay integers: 0.1 + 0.2 never happens to money.
function fixed2(hundredths: number): string {
  const digits = String(Math.abs(hundredths)).padStart(3, "0");
  return `${hundredths < 0 ? "-" : ""}${grouped(digits.slice(0, -2))}.${digits.slice(-2)}`;
}

/** Fen as 元 with two decimals, for tables whose header names the unit. */
export function formatYuan(fen: number | null | undefined): string {
  return fen === null || fen === undefined ? NO_DATA : fixed2(fen);
}

/** Fen as 万元 with two decimals, for prose: 「86.50 万元」. */
export function formatWan(fen: number | null | undefined): string {
  return fen === null || fen === undefined ? NO_DATA : `${fixed2(Math.round(fen / 10_000))} 万元`;
}

/** Reads an amount as people type it, in fen: `1,234.5`, `12.4 万元`, `８６．５万`. Null when it is not an amount. */
export function parseMoney(text: string): number | null {
  const plain = halfWidth(text).replace(/[,\s¥￥]/g, "");
  const match = /^(-?\d{1,13})(?:\.(\d{1,6}))?(万元|万|元)?$/.exec(plain);
  if (!match) return null;
  const places = match[3]?.startsWith("万") ? 6 : 2;
  const decimals = match[2] ?? "";
  if (decimals.length > places) return null;
  return Number(`${match[1]}${decimals.padEnd(places, "0")}`);
}

/** A share with its counts: 「50/61 · 82.0%」; the fraction alone below 10; never 100.0% when something is missing. */
export function formatShare(part: number, whole: number): string {
  const fraction = `${formatCount(part)}/${formatCount(whole)}`;
  if (whole < 10) return fraction;
  return `${fraction} · ${formatPercent(part, whole)}`;
}

/** A percentage with one decimal, rounded so that 99.96 % never reads as all. */
export function formatPercent(part: number, whole: number): string {
  if (whole === 0) return NO_DATA;
  const tenths = Math.round((part * 1000) / whole);
  const honest = tenths === 1000 && part < whole ? 999 : tenths === 0 && part > 0 ? 1 : tenths;
  return `${Math.trunc(honest / 10)}.${honest % 10}%`;
}

/** A file size: `812 KB`, `3.4 MB`. */
export function formatSize(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 * 1024) return `${Math.round(bytes / 1024)} KB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

/** Full-width digits, letters, points and spaces made half-width, as Chinese keyboards mix them in. */
export function halfWidth(text: string): string {
  return text
    .replace(/[\uFF0B-\uFF0F\uFF10-\uFF19\uFF21-\uFF3A\uFF41-\uFF5A]/g, (c) =>
      String.fromCharCode(c.charCodeAt(0) - 0xfee0),
    )
    .replace(/\u3000/g, " ");
}

/** Search words as they are sent: half-width, single spaces, no edges. Brackets are the service's to fold. */
export function searchWords(text: string): string {
  return halfWidth(text.normalize("NFC")).replace(/\s+/g, " ").trim();
}
