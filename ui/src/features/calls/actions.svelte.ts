/** What can be done with the call in the detail and with the list: the keys, and which dialog is open. */
import { tick } from "svelte";
import { exportReveal } from "../../bridge/commands";
import type { Call } from "../../bridge/types/Call";
import type { CallDetail } from "../../bridge/types/CallDetail";
import type { Raw } from "../../bridge/types/Raw";
import type { CallExport } from "../../bridge/types/CallExport";
import type { CallFilter } from "../../bridge/types/CallFilter";
import type { ColumnChoice } from "../../bridge/types/ColumnChoice";
import { copyText } from "../../format/copy";
import { count } from "../../format/time";
import { language, m } from "../../i18n";
import { live } from "../../live.svelte";
import type { KeyAction } from "../../parts/keys";
import { toasts } from "../../parts/toast.svelte";
import { Adding } from "./adding.svelte";
import { Exporting } from "./exporting.svelte";
import { FollowingUp } from "./following-up.svelte";
import { callerNumber, outside } from "../../call-words";
import { NoteDrafts, type NoteDraft } from "../../notes.svelte";
import { SameCalls } from "./same-calls.svelte";
import { UnknownCallers } from "./unknown-callers.svelte";

/** Where the actions find what they act on. */
export interface Place {
  /** The call of the current row. */
  call: () => Call | undefined;
  /** Everything about it, when it has come. */
  detail: () => CallDetail | null;
  /** What the list shows now, how many calls that are, and its columns. */
  list: () => { filter: CallFilter; total: number; columns: readonly ColumnChoice[] };
  /** Opens the pane. */
  openPane: () => void;
}

/** Whether the caller could be added: unknown, with a number, and somebody keeps an address book. */
export function isAddable(call: Call): boolean {
  return call.customer_count === 0 && outside(call).raw !== "" && live.able("customers").length > 0;
}

export class CallActions {
  readonly notes = new NoteDrafts();
  readonly following = new FollowingUp();
  readonly same = new SameCalls();
  readonly exporting = new Exporting();
  readonly callers = new UnknownCallers();
  /** Which dialog is open. */
  dialog: "add" | "frequent" | "export" | null = $state(null);
  /** The customer that is being added. */
  adding: Adding | null = $state.raw(null);
  readonly place: Place;
  #added: string | null = null;

  constructor(place: Place) {
    this.place = place;
  }

  /** The keys, for the status bar and the sheet of shortcuts. */
  get keys(): KeyAction[] {
    const call = this.place.call();
    const entry = call ? this.following.entry(call) : null;
    const withCall = (act: (call: Call) => Promise<void>) => (): void => {
      const it = this.place.call();
      if (it) void act(it);
    };
    return [
      {
        combos: ["M"],
        label: m.today_key_message(),
        isQuiet: !this.following.canWrite,
        run: withCall((it) => this.following.message(it)),
      },
      {
        combos: ["C"],
        label: m.today_key_call_back(),
        isQuiet: true,
        run: withCall((it) => this.following.callBack(it)),
      },
      {
        combos: ["T"],
        label: m.today_key_take(),
        isQuiet: entry?.state !== "new",
        run: withCall((it) => this.following.take(it)),
      },
      { combos: ["E"], label: m.today_key_done(), isQuiet: !entry, run: withCall((it) => this.following.close(it)) },
      { combos: ["N"], label: m.call_detail_key_note(), run: () => void this.write() },
      {
        combos: ["A"],
        label: m.callers_add(),
        isQuiet: !call || !isAddable(call),
        run: () => {
          this.add();
        },
      },
      { combos: ["S"], label: m.call_detail_key_same(), isQuiet: true, run: () => void this.joinOrSeparate() },
      {
        combos: ["Shift+A"],
        label: m.callers_frequent(),
        isQuiet: true,
        run: () => (this.dialog = live.able("customers").length > 0 ? "frequent" : null),
      },
      { combos: ["Ctrl+E"], label: m.call_export(), isQuiet: true, run: () => (this.dialog = "export") },
    ];
  }

  /** Begins a message about the call to a colleague. */
  tell(person: { id: string; name: string }): void {
    const call = this.place.call();
    if (call) void this.following.message(call, person);
  }

  /** Copies the number of the call, as it is shown or in the international form. */
  async copy(isInternational: boolean): Promise<void> {
    const call = this.place.call();
    if (!call || outside(call).raw === "") return;
    const { e164, raw } = outside(call);
    const number = isInternational ? (e164 ?? raw) : callerNumber(call);
    await copyText(number);
    toasts.done(m.calls_copied({ number }));
  }

  /** Opens the note of the call. */
  async write(): Promise<void> {
    const call = this.place.call();
    if (!call) return;
    this.place.openPane();
    this.notes.of(call.id).open(call.note, recordOfNote(this.place.detail()));
    await tick();
    document.querySelector<HTMLElement>("[data-note] textarea")?.focus();
  }

  /** Saves a note, and says so with a way back. */
  async saveNote(note: NoteDraft, isOver: boolean): Promise<void> {
    const text = note.text.trim();
    const saved = await (isOver ? note.overwrite() : note.save());
    if (!saved) return;
    const undo = { label: m.frame_undo(), run: () => void this.#takeBack(note, saved.former, text) };
    toasts.done(text === "" ? m.call_detail_note_removed() : m.call_detail_note_saved(), undo);
  }

  /** Puts the former text back, and says so where that cannot be done; the note then shows why. */
  async #takeBack(note: NoteDraft, former: string, saved: string): Promise<void> {
    const became = await note.restore(former, saved);
    if (became === "being_written") toasts.notUndone(m.call_detail_note_not_undone());
    else if (became === "failed") toasts.notUndone(m.call_detail_note_undo_failed());
  }

  /** Opens the dialog that adds the caller; what was typed for this number before is still there. */
  add(): void {
    const call = this.place.call();
    if (!call || !isAddable(call)) return;
    const { raw, name } = outside(call);
    if (this.#added !== raw || !this.adding) this.adding = new Adding(raw, name);
    this.#added = raw;
    this.dialog = "add";
  }

  /** Sends the customer; where that does not succeed while the dialog is closed, it opens again. */
  async send(adding: Adding, connection: string): Promise<void> {
    const customer = await adding.send(connection);
    if (customer) {
      if (this.adding === adding) this.adding = null;
      if (this.dialog === "add") this.dialog = null;
      toasts.done(m.callers_added({ name: customer.name }));
    } else if (this.adding === adding && this.dialog === null) this.dialog = "add";
  }

  /** Closes the dialog that adds; what cannot be sent again is not kept. */
  leaveAdding(): void {
    if (this.adding?.isSettled) this.adding = null;
    this.dialog = null;
  }

  /** Separates where one other record belongs to the call; else offers those that might. */
  async joinOrSeparate(): Promise<void> {
    const call = this.place.call();
    if (!call) return;
    this.place.openPane();
    const [other, another] = call.same;
    if (other && !another) {
      await this.same.separate(call.id, other.id);
      return;
    }
    if (!other) this.same.isChoosing = this.same.beside.length > 0;
    await tick();
    document.querySelector<HTMLElement>("[data-same] button")?.focus();
  }

  /** Writes a file; where the dialog is closed by then, a toast says that it is there. */
  async writeFile(request: CallExport): Promise<void> {
    const written = await this.exporting.start(request);
    if (this.dialog === "export") return;
    if (!written) {
      // Whatever went wrong stands in the dialog.
      if (this.exporting.problem) this.dialog = "export";
      return;
    }
    const shown = count(written.rows, language.current);
    toasts.done(m.call_export_done({ count: written.rows, shown }), undefined, {
      label: m.call_detail_show_folder(),
      run: () => void exportReveal(written.file).catch(() => (this.dialog = "export")),
    });
  }
}

/** The record that a note is compared with: that of the connection whose system keeps it. */
function recordOfNote(detail: CallDetail | null): Raw | null {
  if (detail === null || detail.note_kept_by === null) return null;
  if (detail.note_kept_by === detail.call.connection) return detail.raw;
  return detail.same_raw.find((it) => it.connection === detail.note_kept_by)?.raw ?? null;
}
