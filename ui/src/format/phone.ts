/** Telephone numbers as they are shown. */

/** A number as it is read out: digit by digit. */
export function spokenNumber(shown: string): string {
  return [...shown.replaceAll(/[\s-]/g, "")].join(" ");
}
