/** Words that depend on the kind of system: what a field is called and where to find its value. */
import { word } from "../../i18n";

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
