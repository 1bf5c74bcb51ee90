/** The report of a month: how rooms were used, what comes again, what overlaps, and files of it. */
import { exportReveal, roomBoardRead, roomReport, roomsExport } from "../../bridge/commands";
import { problemOf } from "../../bridge/problem";
import type { DeadSign } from "../../bridge/types/DeadSign";
import type { Exported } from "../../bridge/types/Exported";
import type { Rhythm } from "../../bridge/types/Rhythm";
import type { Series } from "../../bridge/types/Series";
import type { Problem } from "../../bridge/types/Problem";
import type { RoomExportKind } from "../../bridge/types/RoomExportKind";
import type { RoomFileFormat } from "../../bridge/types/RoomFileFormat";
import type { RoomReport } from "../../bridge/types/RoomReport";
import { language, m } from "../../i18n";
import { addDays } from "./board";

/** How many days the month of a day has. */
export function daysOfMonth(day: string): number {
  const [year = 0, month = 1] = day.split("-").map(Number);
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

/** The first day of the month so many months later, or earlier when negative. */
export function monthLater(day: string, by: number): string {
  const [year = 0, month = 1] = day.split("-").map(Number);
  return new Date(Date.UTC(year, month - 1 + by, 1)).toISOString().slice(0, 10);
}

/** `Monday` · `月曜日`; 1 is Monday. */
export function weekdayWords(weekday: number): string {
  // The fifth of January 2026 is a Monday.
  const day = new Date(`${addDays("2026-01-05", weekday - 1)}T12:00:00`);
  return new Intl.DateTimeFormat(language.current === "ja" ? "ja" : "en-GB", { weekday: "long" }).format(day);
}

/** What speaks for a booking that nobody needs any more. */
export function signWords(sign: DeadSign): string {
  switch (sign) {
    case "organiser_left":
      return m.rooms_sign_left();
    case "organiser_unknown":
      return m.rooms_sign_unknown();
    case "organiser_elsewhere":
      return m.rooms_sign_elsewhere();
    case "unanswered":
      return m.rooms_sign_unanswered();
    default:
      return sign satisfies never;
  }
}

/** How something comes again, without its time. */
export function rhythmWords(it: Pick<Series, "rhythm" | "weekday" | "nth">): string {
  const weekday = weekdayWords(it.weekday);
  switch (it.rhythm) {
    case "daily":
      return m.rooms_rhythm_daily();
    case "working_days":
      return m.rooms_rhythm_working_days();
    case "weekly":
      return m.rooms_rhythm_weekly({ weekday });
    case "fortnightly":
      return m.rooms_rhythm_fortnightly({ weekday });
    case "monthly":
      return m.rooms_rhythm_monthly({ weekday, nth: it.nth });
    case "monthly_last":
      return m.rooms_rhythm_monthly_last({ weekday });
    case "monthly_date":
      return m.rooms_rhythm_monthly_date({ date: it.nth });
    default:
      return it.rhythm satisfies never;
  }
}

/** Rhythms in a file, where the weekday has a column of its own. */
function rhythmCodes(): Record<Rhythm, string> {
  return {
    daily: m.rooms_rhythm_daily(),
    working_days: m.rooms_rhythm_working_days(),
    weekly: m.rooms_file_weekly(),
    fortnightly: m.rooms_file_fortnightly(),
    monthly: m.rooms_file_monthly(),
    monthly_last: m.rooms_file_monthly_last(),
    monthly_date: m.rooms_file_monthly_date(),
  };
}

/** Columns and codes of files in the language of the window. */
function fileWords(): Record<string, string> {
  const weekdays = Array.from({ length: 7 }, (_, at): [string, string] => [`weekday_${at + 1}`, weekdayWords(at + 1)]);
  const signs: DeadSign[] = ["organiser_left", "organiser_unknown", "organiser_elsewhere", "unanswered"];
  return {
    ...Object.fromEntries(weekdays),
    ...Object.fromEntries(signs.map((it) => [it, signWords(it)])),
    ...rhythmCodes(),
    rhythm: m.rooms_file_rhythm(),
    expected: m.rooms_file_expected(),
    start: m.rooms_file_start(),
    end: m.rooms_file_end(),
    all_day: m.rooms_whole_day(),
    yes: m.rooms_file_yes(),
    no: m.rooms_file_no(),
    room: m.rooms_room(),
    place: m.rooms_place(),
    title: m.rooms_file_title(),
    owner: m.rooms_organiser(),
    id: m.rooms_file_id(),
    seats: m.rooms_seats(),
    open_minutes: m.rooms_file_open(),
    booked_minutes: m.rooms_file_booked(),
    used: m.rooms_file_used(),
    bookings: m.rooms_bookings(),
    overlaps: m.rooms_report_overlaps(),
    part: m.rooms_file_part(),
    value: m.rooms_file_value(),
    hour: m.rooms_file_hour(),
    weekday: m.rooms_file_weekday(),
    time: m.rooms_time(),
    times: m.rooms_file_times(),
    first: m.rooms_file_first(),
    last: m.rooms_file_last(),
    signs: m.rooms_file_signs(),
    of: m.rooms_file_of(),
  };
}

export class Report {
  /** The first day of the month. */
  month = $state("");
  /** The old one stays until the new one is there. */
  report: RoomReport | null = $state.raw(null);
  problem: Problem | null = $state.raw(null);
  isReading = $state(false);
  isWriting = $state(false);
  /** The file that was written last. */
  written: Exported | null = $state.raw(null);
  #asked = 0;

  /** Whether every month of it was read. */
  readonly isWhole = $derived(this.report !== null && this.report.months.every((it) => it.read_at !== null));

  /** Shows the month of a day. */
  async show(day: string): Promise<void> {
    this.month = `${day.slice(0, 7)}-01`;
    await this.load();
  }

  async step(by: number): Promise<void> {
    await this.show(monthLater(this.month, by));
  }

  /** Counts it again; a late answer for another month is left aside. */
  async load(): Promise<void> {
    const ask = ++this.#asked;
    try {
      const report = await roomReport(this.month, daysOfMonth(this.month));
      if (ask !== this.#asked) return;
      this.report = report;
      this.problem = null;
    } catch (thrown) {
      if (ask === this.#asked) this.problem = problemOf(thrown);
    }
  }

  /** Has the systems asked for the month now; two presses are one question. */
  async read(): Promise<void> {
    if (this.isReading) return;
    this.isReading = true;
    try {
      await roomBoardRead(this.month);
      await this.load();
    } catch (thrown) {
      this.problem = problemOf(thrown);
    } finally {
      this.isReading = false;
    }
  }

  /** Writes a file of the month; two presses are one file. */
  async write(what: RoomExportKind, format: RoomFileFormat): Promise<void> {
    if (this.isWriting) return;
    this.isWriting = true;
    this.written = null;
    try {
      const name = m.rooms_file_name({ month: this.month.slice(0, 7), what: kindWords(what) });
      this.written = await roomsExport({
        what,
        format,
        encoding: "utf-8-bom",
        name,
        from: this.month,
        days: daysOfMonth(this.month),
        words: fileWords(),
      });
      this.problem = null;
    } catch (thrown) {
      this.problem = problemOf(thrown);
    } finally {
      this.isWriting = false;
    }
  }

  /** Shows the file that was written last in the computer's file manager. */
  async reveal(): Promise<void> {
    if (!this.written) return;
    try {
      await exportReveal(this.written.file);
    } catch (thrown) {
      this.problem = problemOf(thrown);
    }
  }
}

/** What of a month can be written to a file. */
export function kindWords(what: RoomExportKind): string {
  switch (what) {
    case "bookings":
      return m.rooms_bookings_word();
    case "occupancy":
      return m.rooms_report_by_room();
    case "times":
      return m.rooms_report_times();
    case "series":
      return m.rooms_report_series();
    case "overlaps":
      return m.rooms_report_overlaps();
    default:
      return what satisfies never;
  }
}
