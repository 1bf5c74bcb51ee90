/** Words that depend on the kind of system: what a field is called and where to find its value. */
import type { Limitation } from "../../bridge/types/Limitation";
import type { Reading } from "../../bridge/types/Reading";
import { clock, isSameDay, shortDay } from "../../format/time";
import { language, m, wordOf } from "../../i18n";

const word = wordOf(
  import.meta.glob("../../paraglide/messages/{field,help,system,check,limitation}_*.js", { eager: true }),
);

/** The label of a field. */
export function fieldLabel(key: string): string {
  return word(`field_${key}`) ?? key;
}

/** Where a value is found in a system, in one line. */
export function fieldHelp(system: string, key: string): string | undefined {
  return word(`help_${system}_${key}`);
}

/** What a system brings, in one line. */
export function brings(system: string): string {
  return word(`system_${system}`) ?? "";
}

/** What was tried in a test. */
export function checkLabel(what: string): string {
  return word(`check_${what}`) ?? what;
}

/** What works only in part, and why. */
export function limitationSentence(limitation: Limitation): string {
  return word(`limitation_${limitation}`) ?? limitation;
}

/** How much of the whole is read, in hundredths. */
export function percent(reading: Reading): number {
  return Math.floor(reading.permille / 10);
}

/** How far a first reading has come, and by when it will be done where that can be told. */
export function progress(reading: Reading, now: Date): string {
  const done = percent(reading);
  if (reading.ends_at === null) return m.connections_reading({ percent: done });
  const at = clock(reading.ends_at);
  const isToday = isSameDay(new Date(reading.ends_at), now);
  const time = isToday ? at : `${shortDay(reading.ends_at, now, language.current)} ${at}`;
  return m.connections_reading_until({ percent: done, time });
}
