/** Times, days and durations as lists and details show them, in the computer's zone. */

/** A language that has its own forms. */
export type Locale = "ja" | "en";

/** Making a format costs a hundred times what using it does: each is made when it is first used, and kept. */
function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}
const date = (options: Intl.DateTimeFormatOptions, locale = "en-GB"): (() => Intl.DateTimeFormat) =>
  once(() => new Intl.DateTimeFormat(locale, options));
const dayOfYear = date({ day: "numeric", month: "short" });
const dayOfAnyYear = date({ day: "numeric", month: "short", year: "numeric" });
const dayInFull = date({ day: "numeric", month: "long", year: "numeric" });
const weekdays = { ja: date({ weekday: "short" }, "ja"), en: date({ weekday: "short" }) };
const counts = { ja: once(() => new Intl.NumberFormat("ja")), en: once(() => new Intl.NumberFormat("en")) };

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
  return (isThisYear ? dayOfYear : dayOfAnyYear)().format(at);
}

/** `2026年10月14日(水)` · `Wed 14 October 2026`. */
export function longDay(iso: string, locale: Locale): string {
  const at = new Date(iso);
  const weekday = weekdays[locale]().format(at);
  if (locale === "ja") {
    return `${at.getFullYear()}年${at.getMonth() + 1}月${at.getDate()}日(${weekday})`;
  }
  return `${weekday} ${dayInFull().format(at)}`;
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
  return counts[locale]().format(n);
}
