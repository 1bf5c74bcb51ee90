/** What this desk says of rooms: one room at a time, saved as changed, and files of it. */
import { roomOverlays, roomOverlaySet, roomOverlaysExport, roomOverlaysImport, roomPhoto } from "../../bridge/commands";
import { problemOf } from "../../bridge/problem";
import type { OverlaidRoom } from "../../bridge/types/OverlaidRoom";
import type { Problem } from "../../bridge/types/Problem";
import type { RoomOverlay } from "../../bridge/types/RoomOverlay";
import { m } from "../../i18n";

export class Overlays {
  /** Every room, hidden ones included; null until they are read. */
  rooms: OverlaidRoom[] | null = $state.raw(null);
  /** The room that is written about. */
  picked = $state("");
  /** Its picture as an address that a window shows; empty where there is none. */
  photo = $state("");
  problem: Problem | null = $state.raw(null);
  /** What a file did last, in a sentence. */
  told = $state("");

  readonly current: OverlaidRoom | null = $derived(this.rooms?.find((it) => it.room.id === this.picked) ?? null);

  /** Reads them, with one picked where it is named. */
  async load(picked = this.picked): Promise<void> {
    try {
      this.rooms = await roomOverlays();
      this.picked = this.rooms.some((it) => it.room.id === picked) ? picked : (this.rooms[0]?.room.id ?? "");
      await this.#look();
    } catch (thrown) {
      this.problem = problemOf(thrown);
    }
  }

  async pick(id: string): Promise<void> {
    this.picked = id;
    this.problem = null;
    await this.#look();
  }

  /** Says something else of the picked room. */
  async change(part: Partial<RoomOverlay>): Promise<void> {
    const { current } = this;
    if (!current) return;
    this.problem = null;
    try {
      await roomOverlaySet(current.room.id, { ...current.overlay, ...part });
      await this.load();
    } catch (thrown) {
      this.problem = problemOf(thrown);
    }
  }

  async write(): Promise<void> {
    try {
      const { file, rows } = await roomOverlaysExport(m.rooms_overlay_file());
      this.told = m.rooms_file_written({ rows, file });
    } catch (thrown) {
      this.problem = problemOf(thrown);
    }
  }

  /** Takes what a file says. */
  async read(text: string): Promise<void> {
    this.problem = null;
    try {
      const { taken, unknown } = await roomOverlaysImport(text);
      const count = taken.length;
      this.told =
        unknown.length === 0
          ? m.rooms_overlay_taken({ count })
          : m.rooms_overlay_taken_some({ count, names: unknown.join(", ") });
      await this.load();
    } catch (thrown) {
      this.problem = problemOf(thrown);
    }
  }

  async #look(): Promise<void> {
    const id = this.picked;
    this.photo = "";
    if (!this.current?.overlay.photo) return;
    try {
      const photo = await roomPhoto(id);
      if (id !== this.picked) return;
      this.photo = photo ?? "";
      if (photo === null) this.problem = { ...NO_PICTURE, message: m.rooms_overlay_no_picture() };
    } catch (thrown) {
      if (id === this.picked) this.problem = problemOf(thrown);
    }
  }
}

const NO_PICTURE: Problem = { code: "invalid", reason: "not_usable", words: "", message: "", wait_seconds: null };
