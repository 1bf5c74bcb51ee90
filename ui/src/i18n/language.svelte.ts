/** The language of the window: one reactive value that every message reads, so that a switch needs no reload. */
import { overwriteGetLocale, type Locale } from "../paraglide/runtime.js";

/** Every language that has messages, by its own name. */
export const languages: { id: Locale; name: string }[] = [
  { id: "ja", name: "日本語" },
  { id: "en", name: "English" },
];

/** The language that is meant by a setting; empty follows the computer. */
export function resolve(setting: string, computer: readonly string[]): Locale {
  const wanted = setting === "" ? computer : [setting];
  for (const tag of wanted) {
    const found = languages.find((it) => tag.toLowerCase().split("-")[0] === it.id);
    if (found) return found.id;
  }
  return "en";
}

class Language {
  /** What the window speaks now. */
  current: Locale = $state("en");

  /** Follows the setting `ja`, `en` or empty for the computer's own. */
  follow(setting: string): void {
    this.current = resolve(setting, navigator.languages);
    document.documentElement.lang = this.current;
  }
}

export const language = new Language();
overwriteGetLocale(() => language.current);
