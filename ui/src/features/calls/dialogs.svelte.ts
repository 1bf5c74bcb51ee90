/** The dialogs of the calls, fetched once the first screen is painted: nothing of it waits for them. */
import type CallDialogs from "./CallDialogs.svelte";
import type ColumnsDialog from "./ColumnsDialog.svelte";

export class Dialogs {
  /** Those of a call and of the list; `null` until they are here. */
  Calls: typeof CallDialogs | null = $state.raw(null);
  /** The one of the columns. */
  Columns: typeof ColumnsDialog | null = $state.raw(null);

  /** Fetches them from the program's files. */
  async fetch(): Promise<void> {
    const [calls, columns] = await Promise.all([import("./CallDialogs.svelte"), import("./ColumnsDialog.svelte")]);
    this.Calls = calls.default;
    this.Columns = columns.default;
  }
}
