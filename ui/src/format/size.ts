/** How large a file is, in words. */
import type { Locale } from "./time";

const STEPS = ["byte", "kilobyte", "megabyte", "gigabyte"] as const;

/** Bytes in the unit that fits, with one digit behind the point below ten. */
export function fileSize(bytes: number, locale: Locale): string {
  let [value, at] = [bytes, 0];
  while (value >= 1_000 && at < STEPS.length - 1) [value, at] = [value / 1_000, at + 1];
  const digits = at > 0 && value < 10 ? 1 : 0;
  const options = { style: "unit", unit: STEPS[at] ?? "byte", maximumFractionDigits: digits } as const;
  return new Intl.NumberFormat(locale, options).format(value);
}
