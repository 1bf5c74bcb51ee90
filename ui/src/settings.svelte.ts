/** The person's settings and what the program says of itself; saved as changed. */
import { beginning } from "./beginning";
import { settingsGet, settingsSet } from "./bridge/commands";
import type { AppInfo } from "./bridge/types/AppInfo";
import type { Settings } from "./bridge/types/Settings";
import { language, m } from "./i18n";

class Preferences {
  /** As the console keeps them. */
  current: Settings = $state.raw({
    language: "",
    theme: "system",
    who: "",
    is_welcomed: true,
    opens_at: 8,
    closes_at: 18,
    holidays: { is_japanese: true, closed: [] },
    call_columns: [],
    popup: { is_on: true, corner: "bottom_right", screen: "", seconds: 20, notifies: false },
    lines: [],
    lookup: "",
    keys: { enter_popup: "Ctrl+Alt+P", look_up: "Ctrl+Alt+L" },
    changes_since: "evening",
    close_to_tray: false,
    start_hidden: false,
    messages: { me: [], review_above: 20, review_room_above: 100, quiet: null },
  });
  /** What the program says of itself. */
  info: AppInfo = $state.raw({
    version: "",
    is_demo: false,
    keyring: "",
    data_dir: "",
    platform: "",
    cache_was_rebuilt: false,
  });
  #saving = 0;
  #dark = window.matchMedia("(prefers-color-scheme: dark)");

  /** Where secrets are, by a name that people know; the demo keeps its own, which open nothing, in memory. */
  get keyring(): string {
    return this.info.keyring === "" ? m.frame_keyring_memory() : this.info.keyring;
  }

  /** Reads both, and follows the computer where the theme says so. */
  async start(): Promise<void> {
    this.#dark.addEventListener("change", () => this.#apply());
    ({ settings: this.current, info: this.info } = await beginning());
    this.#apply();
  }

  /** Changes some, at once; the console keeps them. Rejects where they could not be kept, and shows the old ones again. */
  async change(part: Partial<Settings>): Promise<void> {
    const before = this.current;
    this.current = { ...before, ...part };
    this.#apply();
    this.#saving += 1;
    try {
      await settingsSet(this.current);
    } catch (thrown) {
      this.current = before;
      this.#apply();
      throw thrown;
    } finally {
      this.#saving -= 1;
    }
  }

  /** Reads the settings again after somebody else changed them; what is being saved here goes first. */
  async follow(): Promise<void> {
    if (this.#saving > 0) return;
    const found = await settingsGet();
    if (this.#saving > 0) return;
    this.current = found;
    this.#apply();
  }

  #apply(): void {
    const { theme } = this.current;
    language.follow(this.current.language);
    document.documentElement.dataset["theme"] = theme === "system" ? (this.#dark.matches ? "dark" : "light") : theme;
  }
}

export const preferences = new Preferences();
