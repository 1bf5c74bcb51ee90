/** The chat room editor: which rooms are kept, what is changed in each and not saved yet, and what the server answered. */
import { SvelteMap } from "svelte/reactivity";
import {
  chatRoomChooseTest,
  chatRoomForget,
  chatRoomImport,
  chatRoomPlan,
  chatRoomRead,
  chatRoomSave,
  chatRoomsList,
  chatRoomVersions,
} from "../../bridge/commands";
import { problemOf } from "../../bridge/problem";
import type { ChatRoom } from "../../bridge/types/ChatRoom";
import type { ChatRoomEdit } from "../../bridge/types/ChatRoomEdit";
import type { ChatRoomPlan } from "../../bridge/types/ChatRoomPlan";
import type { ChatRoomSaved } from "../../bridge/types/ChatRoomSaved";
import type { ChatRoomVersion } from "../../bridge/types/ChatRoomVersion";
import type { KeptRoom } from "../../bridge/types/KeptRoom";
import type { Problem } from "../../bridge/types/Problem";
import { fold } from "../../format/fold";
import { live } from "../../live.svelte";
import { Addresses } from "./addresses.svelte";
import {
  changeCount,
  emptyRoom,
  memberRows,
  missingRoles,
  withMemberBack,
  withMembers,
  withMemberValue,
  withoutMember,
} from "./edits";
import { fieldOf, type FormField } from "./form-fields";
import { MemberHistory } from "./member-history";
import { keepStaged, readStaged, type Staged } from "./staged";

/** The key of the room that does not exist yet. */
export const NEW = "new";

/** How long nobody types before the plan is asked for, in milliseconds. */
const PAUSE = 250;

/** A room in the list: a kept one, or the new one. */
export interface Listed {
  key: string;
  kept: KeptRoom | null;
  room: ChatRoom;
  /** The record under the fields, where it is another than the kept one. */
  base: string | null;
  changes: number;
}

export class ChatRooms {
  /** Who is behind the user ids of the picked room's connection. */
  readonly addresses = new Addresses();
  kept: KeptRoom[] = $state.raw([]);
  isRead = $state(false);
  filter = $state("");
  pickedKey = $state("");
  plan: ChatRoomPlan | null = $state.raw(null);
  isSaving = $state(false);
  /** Why the list cannot be shown. */
  listProblem: Problem | null = $state.raw(null);
  /** Why the room as it stands cannot be sent, or was not. */
  problem: Problem | null = $state.raw(null);
  /** What the server answered last, by room. */
  readonly answers = new SvelteMap<string, ChatRoomSaved>();
  /** How the picked room once was, the newest first. */
  versions: ChatRoomVersion[] = $state.raw([]);
  /** What a try on the test room would change there; null while nobody asks. */
  tryPlan: ChatRoomPlan | null = $state.raw(null);
  #edits = new SvelteMap<string, Staged>();
  readonly #history = new MemberHistory();
  #newConnection = $state("");
  #planned = 0;
  #pause: ReturnType<typeof setTimeout> | undefined;

  readonly connections = $derived(live.able("chat_rooms"));
  readonly all: Listed[] = $derived(this.#list());
  readonly shown: Listed[] = $derived(this.#filtered());
  readonly picked: Listed | null = $derived(this.all.find((it) => it.key === this.pickedKey) ?? null);
  readonly room: ChatRoom | null = $derived(this.picked?.room ?? null);
  readonly before: ChatRoom | null = $derived(this.picked?.kept?.room ?? null);
  readonly rows = $derived(this.room ? memberRows(this.before, this.room) : []);
  readonly missing = $derived(this.room ? missingRoles(this.room) : []);
  readonly connection: string = $derived(this.picked?.kept?.connection ?? this.#newOr());
  /** Differences that a save would send: as planned by the program, or counted here until the plan is there. */
  readonly changes = $derived(
    this.picked && this.picked.changes > 0 ? (this.plan?.differences.length ?? this.picked.changes) : 0,
  );
  readonly answer = $derived(this.answers.get(this.pickedKey) ?? null);
  /** The room of this connection on which changes are tried. */
  readonly testRoom: KeptRoom | null = $derived(
    this.kept.find((it) => it.is_test && it.connection === this.connection) ?? null,
  );
  /** Whether the system made this room and nobody knows under which id: a save would make a second one. */
  readonly isIdUnknown = $derived(
    this.picked?.kept?.saved_at !== null && this.picked?.kept != null && this.room?.external_id === null,
  );
  readonly problemField: FormField | null = $derived(fieldOf(this.problem));

  constructor() {
    for (const [key, edit] of readStaged()) this.#edits.set(key, edit);
  }

  /** Reads the rooms that are kept; the first one is picked where none is. */
  async load(): Promise<void> {
    try {
      this.kept = await chatRoomsList();
      this.listProblem = null;
    } catch (thrown) {
      this.listProblem = problemOf(thrown);
    }
    if (!this.picked) this.pick(this.shown[0]?.key ?? "");
    this.isRead = true;
  }

  pick(key: string): void {
    if (key === this.pickedKey) return;
    this.pickedKey = key;
    this.plan = null;
    this.problem = null;
    this.versions = [];
    this.#askPlan(0);
    void this.#readVersions();
  }

  /** Begins a room that does not exist yet; there is one at a time. */
  create(): void {
    if (!this.#edits.has(NEW)) this.#set(NEW, { room: emptyRoom(), base: null });
    this.filter = "";
    this.pick(NEW);
  }

  /** Through which connection the new room is made. */
  chooseConnection(id: string): void {
    this.#newConnection = id;
    this.#askPlan(0);
  }

  /** Changes fields of the picked room; nothing is sent. */
  change(part: Partial<ChatRoom>): void {
    if (!this.room || this.isSaving) return;
    this.#put({ ...this.room, ...part });
  }

  addMembers(uids: readonly string[]): void {
    if (this.room && !this.isSaving) this.#putMembers(withMembers(this.room, this.before, uids));
  }

  /** Takes a member out, or a removed one back in. */
  toggleMember(uid: string): void {
    if (!this.room || this.isSaving) return;
    const isIn = this.room.members.some((it) => it.uid === uid);
    if (isIn) this.#putMembers(withoutMember(this.room, uid));
    else if (this.before) this.#putMembers(withMemberBack(this.room, this.before, uid));
  }

  /** Takes the last change of members back; whether there was one. */
  undoMembers(): boolean {
    const members = this.room && !this.isSaving ? this.#history.back(this.pickedKey) : undefined;
    if (this.room && members) this.#put({ ...this.room, members });
    return members !== undefined;
  }

  /** Keeps a member with another value than the server has beside them. */
  setMemberValue(uid: string, value: boolean): void {
    if (this.room && !this.isSaving) this.#putMembers(withMemberValue(this.room, uid, value));
  }

  /** Takes a record that was edited as JSON; rejects with the problem. Nothing is sent. */
  async readJson(text: string): Promise<void> {
    const { pickedKey, connection } = this;
    const read = await chatRoomRead(connection, text);
    if (this.pickedKey !== pickedKey || this.isSaving) return;
    // Left out of the text, the id stays what it is: a room does not become another one.
    const external_id = read.room.external_id ?? this.before?.external_id ?? null;
    this.#stage({ room: { ...read.room, external_id }, base: read.raw });
  }

  /** Stages a former version whole, for this room. */
  applyAgain(version: ChatRoomVersion): void {
    if (!this.room || this.isSaving) return;
    const external_id = this.before?.external_id ?? version.room.external_id;
    this.#stage({ room: { ...version.room, external_id }, base: version.raw });
  }

  /** Makes the picked room the one on which changes are tried, or no longer. */
  async chooseTest(isTest: boolean): Promise<void> {
    const kept = this.picked?.kept;
    if (!kept) return;
    await chatRoomChooseTest(kept.connection, isTest ? kept.id : null);
    await this.load();
  }

  /** Takes the choice of a test room back. */
  async restoreTest(former: KeptRoom | null): Promise<void> {
    await chatRoomChooseTest(former?.connection ?? this.connection, former?.id ?? null);
    await this.load();
  }

  /** Asks what a try on the test room would change there. */
  async planTry(): Promise<void> {
    this.tryPlan = null;
    this.problem = null;
    try {
      this.tryPlan = await chatRoomPlan(this.#edit(true));
    } catch (thrown) {
      this.problem = problemOf(thrown);
    }
  }

  /** Tries the staged changes on the test room, once; what is staged stays. */
  async tryOut(): Promise<boolean> {
    const { picked } = this;
    if (!picked || this.isSaving) return false;
    this.isSaving = true;
    this.problem = null;
    try {
      const saved = await chatRoomSave(this.#edit(true));
      this.answers.set(picked.key, saved);
      await this.load();
      return true;
    } catch (thrown) {
      this.problem = problemOf(thrown);
      return false;
    } finally {
      this.isSaving = false;
    }
  }

  /** Drops what is changed in the picked room. */
  discard(): void {
    this.#history.forget(this.pickedKey);
    this.#set(this.pickedKey, null);
    this.problem = null;
    if (!this.picked) this.pick(this.shown[0]?.key ?? "");
    this.#askPlan(0);
  }

  /** Puts a dropped change back. */
  restore(key: string, edit: Staged): void {
    this.#set(key, edit);
    this.pickedKey = key;
    this.#askPlan(0);
  }

  /** Saves the picked room once; whether it was saved. A second call while it is on its way does nothing. */
  async save(): Promise<boolean> {
    const picked = this.picked;
    if (!picked || this.isSaving || picked.changes === 0) return false;
    this.isSaving = true;
    this.problem = null;
    try {
      const saved = await chatRoomSave(this.#edit(false));
      this.answers.set(saved.kept.id, saved);
      this.kept = [...this.kept.filter((it) => it.id !== saved.kept.id), saved.kept];
      this.#set(picked.key, null);
      this.#history.forget(picked.key);
      this.pickedKey = saved.kept.id;
      this.plan = null;
      await this.load();
      void this.#readVersions();
      return true;
    } catch (thrown) {
      this.problem = problemOf(thrown);
      return false;
    } finally {
      this.isSaving = false;
      this.#askPlan(0);
    }
  }

  /** Keeps a room from pasted JSON; rejects with the problem. */
  async import(connection: string, text: string): Promise<void> {
    const kept = await chatRoomImport(connection, text);
    await this.load();
    this.filter = "";
    this.pick(kept.id);
  }

  /** Forgets a room here; at its system it stays. */
  async forget(kept: KeptRoom): Promise<void> {
    await chatRoomForget(kept.id);
    this.#set(kept.id, null);
    this.pickedKey = "";
    await this.load();
  }

  #list(): Listed[] {
    const edit = this.#edits.get(NEW);
    const made: Listed[] = edit
      ? [{ key: NEW, kept: null, ...edit, changes: Math.max(1, changeCount(null, edit.room)) }]
      : [];
    return [
      ...made,
      ...this.kept.map((kept): Listed => {
        const { room, base } = this.#edits.get(kept.id) ?? { room: kept.room, base: null };
        const isOther = base !== null && base !== kept.raw;
        return { key: kept.id, kept, room, base, changes: Math.max(changeCount(kept.room, room), isOther ? 1 : 0) };
      }),
    ];
  }

  #filtered(): Listed[] {
    const wanted = fold(this.filter);
    if (wanted === "") return this.all;
    return this.all.filter((it) => fold(it.room.name).includes(wanted));
  }

  #newOr(): string {
    return this.connections.find((it) => it.id === this.#newConnection)?.id ?? this.connections[0]?.id ?? "";
  }

  #putMembers(room: ChatRoom): void {
    if (this.room) this.#history.note(this.pickedKey, this.room.members);
    this.#put(room);
  }

  #put(room: ChatRoom): void {
    this.#stage({ room, base: this.picked?.base ?? null });
  }

  #stage(edit: Staged): void {
    const kept = this.picked?.kept;
    const isOther = edit.base !== null && edit.base !== kept?.raw;
    const isSame = kept && !isOther && changeCount(kept.room, edit.room) === 0;
    this.problem = null;
    this.#set(this.pickedKey, isSame ? null : edit);
    this.#askPlan(PAUSE);
  }

  #set(key: string, edit: Staged | null): void {
    if (edit) this.#edits.set(key, edit);
    else this.#edits.delete(key);
    keepStaged(this.#edits);
  }

  /** The picked room as it is staged. */
  #edit(on_test_room: boolean): ChatRoomEdit {
    const { picked, connection } = this;
    const room = $state.snapshot(picked?.room ?? emptyRoom());
    return { connection, kept: picked?.kept?.id ?? null, room, base: picked?.base ?? null, on_test_room };
  }

  async #readVersions(): Promise<void> {
    const kept = this.picked?.kept;
    if (!kept) return;
    try {
      const versions = await chatRoomVersions(kept.id);
      if (this.pickedKey === kept.id) this.versions = versions;
    } catch (thrown) {
      if (this.pickedKey === kept.id) this.problem = problemOf(thrown);
    }
  }

  /** Asks what a save would send, once nobody types; only the last answer counts. */
  #askPlan(pause: number): void {
    const asked = ++this.#planned;
    clearTimeout(this.#pause);
    this.#pause = setTimeout(() => void this.#plan(asked), pause);
  }

  /** Asks at once what a save would send, so that nobody reviews what was staged a moment ago. */
  async planNow(): Promise<void> {
    clearTimeout(this.#pause);
    await this.#plan(++this.#planned);
  }

  async #plan(asked: number): Promise<void> {
    const picked = this.picked;
    if (!picked || this.connection === "" || this.isSaving) return;
    try {
      const plan = await chatRoomPlan(this.#edit(false));
      if (asked === this.#planned) this.plan = plan;
    } catch (thrown) {
      if (asked !== this.#planned) return;
      this.plan = null;
      // An empty new room is not a fault yet.
      if (picked.key !== NEW || picked.room.name !== "") this.problem = problemOf(thrown);
    }
  }
}
