/** A plan that is being made: the file as it was read, through which connection, the text for rows that bring none, and how it is sent. */
import { bulkRead } from "../../bridge/commands";
import { problemOf } from "../../bridge/problem";
import type { BulkDraft } from "../../bridge/types/BulkDraft";
import type { BulkFile } from "../../bridge/types/BulkFile";
import type { BulkOptions } from "../../bridge/types/BulkOptions";
import type { BulkRecipient } from "../../bridge/types/BulkRecipient";
import type { Guise } from "../../bridge/types/Guise";
import type { Problem } from "../../bridge/types/Problem";
import type { BulkAsked } from "../../bulk-asked.svelte";
import { live } from "../../live.svelte";

/** A larger file is no list of messages. */
const MOST_BYTES = 20_000_000;

export class Planning {
  title = $state("");
  text = $state("");
  /** Whether what was composed asks for a receipt, and its attachment cards as JSON. */
  sealed = $state(false);
  attachments = $state("");
  connection = $state("");
  file: BulkFile | null = $state.raw(null);
  name = $state("");
  problem: Problem | null = $state.raw(null);
  isReading = $state(false);
  isTooLarge = $state(false);
  options: BulkOptions = $state({
    by_batch: false,
    gap_ms: null,
    sends_to_unknown: false,
    skips_guests: false,
    skips_got_before: false,
  });
  /** Recipients that came from the composer, instead of a file. */
  recipients: BulkRecipient[] = $state.raw([]);
  /** Beside each recipient: lines after the text, in the place of cards. */
  #after: string[] = [];
  #guise: Guise = { alias: null, emoji: null, avatar: null };
  #bytes: number[] = [];
  #asked = 0;

  readonly connections = $derived(live.able("chat"));
  readonly chosen = $derived(
    this.connections.find((it) => it.id === this.connection)?.id ?? this.connections[0]?.id ?? "",
  );
  readonly canBatch = $derived(live.systemOf(this.chosen)?.abilities.includes("batches") ?? false);
  /** Whether rows bring their own text. */
  readonly hasText = $derived(this.file?.columns.some((it) => it.meaning === "text") ?? false);
  /** Columns that say whom a row is for. */
  readonly hasRecipient = $derived(
    this.file?.columns.some((it) => it.meaning === "people" || it.meaning === "room") ?? false,
  );
  readonly fields = $derived(this.file?.columns.filter((it) => it.meaning === "field").map((it) => it.name) ?? []);
  readonly isComposed = $derived(this.recipients.length > 0);
  /** Whether there is something to look through. */
  readonly isReady = $derived(
    this.isComposed
      ? this.text.trim() !== "" || this.attachments !== ""
      : this.file !== null && this.chosen !== "" && (this.hasText || this.text.trim() !== ""),
  );

  /** Reads a file that was chosen or dropped. */
  async take(file: File): Promise<void> {
    this.isTooLarge = file.size > MOST_BYTES;
    if (this.isTooLarge) return;
    this.name = file.name;
    this.recipients = [];
    this.#bytes = Array.from(new Uint8Array(await file.arrayBuffer()));
    await this.read();
  }

  /** Takes over what was composed. */
  compose(asked: BulkAsked): void {
    const known = Object.entries(asked.values).filter((it): it is [string, string] => (it[1] ?? "").trim() !== "");
    this.file = null;
    this.name = "";
    this.#bytes = [];
    this.text = asked.text;
    this.sealed = asked.sealed;
    this.attachments = asked.attachments;
    this.recipients = asked.recipients.map((it) => ({
      connection: it.connection,
      to: it.kind === "room" ? { kind: "room", address: it.address } : { kind: "people", address: [it.address] },
      fields: { ...Object.fromEntries(known), name: it.name },
      mentions: it.mentions,
    }));
    this.#after = asked.recipients.map((it) => it.after);
    this.#guise = asked.guise;
    this.problem = null;
  }

  /** Reads the file for the connection that is chosen: what it holds depends on how a system writes its lists. */
  async read(): Promise<void> {
    if (this.#bytes.length === 0 || this.chosen === "") return;
    const now = ++this.#asked;
    this.isReading = true;
    this.problem = null;
    try {
      const found = await bulkRead(this.chosen, this.#bytes);
      if (now === this.#asked) this.file = found;
    } catch (thrown) {
      if (now !== this.#asked) return;
      this.file = null;
      this.problem = problemOf(thrown);
    } finally {
      if (now === this.#asked) this.isReading = false;
    }
  }

  /** What is to be looked through. */
  draft(): BulkDraft {
    const text = this.text.replaceAll("\r\n", "\n");
    const options = { ...this.options, by_batch: this.canBatch && this.options.by_batch };
    if (this.isComposed) {
      const message = {
        text,
        mentions: [],
        sealed: this.sealed,
        attachments: this.attachments === "" ? null : this.attachments,
        guise: this.#guise,
      };
      const recipients = this.recipients.map((it, at) => {
        const after = this.#after[at] ?? "";
        return after === "" ? it : { ...it, text: `${text.trimEnd()}\n\n${after}`.trimStart() };
      });
      return { title: this.title.trim(), source: { kind: "composed", message, recipients }, options };
    }
    const source = { kind: "file" as const, connection: this.chosen, name: this.name, bytes: this.#bytes, text };
    return { title: this.title.trim(), source, options };
  }
}
