/** Times, days and durations as lists and details show them, in the computer's zone. */

/** A language that has its own forms. */
export type Locale = "ja" | "en";

const minutesOfDay = (at: Date): string => `${at.getHours()}:${String(at.getMinutes()).padStart(2, "0")}`;

/** `9:31`: hours without a leading zero. */
export function clock(iso: string): string {
  return minutesOfDay(new Date(iso));
}

/** `10:31:04`. */
export function clockWithSeconds(iso: string): string {
  const at = new Date(iso);
  return `${minutesOfDay(at)}:${String(at.getSeconds()).padStart(2, "0")}`;
}

/** First instant of the day `ago` days before the one of `now`, in the computer's zone. */
export function startOfDay(now: Date, ago = 0): Date {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() - ago);
}

/** Whether two instants fall on one day. */
export function isSameDay(a: Date, b: Date): boolean {
  return startOfDay(a).getTime() === startOfDay(b).getTime();
}

/** `10/13` · `13 Oct`; with the year where it is not this one. */
export function shortDay(iso: string, now: Date, locale: Locale): string {
  const at = new Date(iso);
  const isThisYear = at.getFullYear() === now.getFullYear();
  if (locale === "ja") {
    const day = `${at.getMonth() + 1}/${at.getDate()}`;
    return isThisYear ? day : `${at.getFullYear()}/${day}`;
  }
  return new Intl.DateTimeFormat("en-GB", {
    day: "numeric",
    month: "short",
    ...(isThisYear ? {} : { year: "numeric" }),
  }).format(at);
}

/** `2026年10月14日(水)` · `Wed 14 October 2026`. */
export function longDay(iso: string, locale: Locale): string {
  const at = new Date(iso);
  if (locale === "ja") {
    const weekday = new Intl.DateTimeFormat("ja", { weekday: "short" }).format(at);
    return `${at.getFullYear()}年${at.getMonth() + 1}月${at.getDate()}日(${weekday})`;
  }
  const weekday = new Intl.DateTimeFormat("en-GB", { weekday: "short" }).format(at);
  const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", year: "numeric" }).format(at);
  return `${weekday} ${day}`;
}

/** `4:32`, `1:04:10`. */
export function duration(seconds: number): string {
  const s = Math.max(0, Math.floor(seconds));
  const two = (n: number): string => String(n).padStart(2, "0");
  const hours = Math.floor(s / 3600);
  const minutes = Math.floor((s % 3600) / 60);
  return hours > 0 ? `${hours}:${two(minutes)}:${two(s % 60)}` : `${minutes}:${two(s % 60)}`;
}

/** `214,906`. */
export function count(n: number, locale: Locale): string {
  return new Intl.NumberFormat(locale).format(n);
}
