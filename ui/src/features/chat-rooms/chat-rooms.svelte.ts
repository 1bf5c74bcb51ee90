/** The chat room editor: which rooms are kept, what is changed in each and not saved yet, and what the server answered. */
import { SvelteMap } from "svelte/reactivity";
import { chatRoomForget, chatRoomImport, chatRoomPlan, chatRoomSave, chatRoomsList } from "../../bridge/commands";
import { problemOf } from "../../bridge/problem";
import type { ChatRoom } from "../../bridge/types/ChatRoom";
import type { ChatRoomPlan } from "../../bridge/types/ChatRoomPlan";
import type { ChatRoomSaved } from "../../bridge/types/ChatRoomSaved";
import type { KeptRoom } from "../../bridge/types/KeptRoom";
import type { Problem } from "../../bridge/types/Problem";
import { live } from "../../live.svelte";
import { changeCount, emptyRoom, memberRows, missingRoles, withMemberBack, withMembers, withoutMember } from "./edits";

/** The key of the room that does not exist yet. */
export const NEW = "new";

/** How long nobody types before the plan is asked for, in milliseconds. */
const PAUSE = 250;

const KEEP = "frontdesk.chat-rooms.edits";

/** A room in the list: a kept one, or the new one. */
export interface Listed {
  key: string;
  kept: KeptRoom | null;
  room: ChatRoom;
  changes: number;
}

/** The field of the form that a failure is about. */
export type FormField = "name" | "is_public" | "admin_id" | "creator_id" | "members";

const FIELDS: [word: RegExp, field: FormField][] = [
  [/admin/i, "admin_id"],
  [/creat/i, "creator_id"],
  [/ispublic/i, "is_public"],
  [/member|uids/i, "members"],
  [/name/i, "name"],
];

export class ChatRooms {
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
  #edits = new SvelteMap<string, ChatRoom>();
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
  readonly problemField: FormField | null = $derived(this.#fieldOf(this.problem));

  constructor() {
    for (const [key, edit] of readEdits()) this.#edits.set(key, edit);
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
    this.#askPlan(0);
  }

  /** Begins a room that does not exist yet; there is one at a time. */
  create(): void {
    if (!this.#edits.has(NEW)) this.#set(NEW, emptyRoom());
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
    if (this.room && !this.isSaving) this.#put(withMembers(this.room, this.before, uids));
  }

  /** Takes a member out, or a removed one back in. */
  toggleMember(uid: string): void {
    if (!this.room || this.isSaving) return;
    const isIn = this.room.members.some((it) => it.uid === uid);
    if (isIn) this.#put(withoutMember(this.room, uid));
    else if (this.before) this.#put(withMemberBack(this.room, this.before, uid));
  }

  /** Drops what is changed in the picked room. */
  discard(): void {
    this.#set(this.pickedKey, null);
    this.problem = null;
    if (!this.picked) this.pick(this.shown[0]?.key ?? "");
    this.#askPlan(0);
  }

  /** Puts a dropped change back. */
  restore(key: string, edit: ChatRoom): void {
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
      const saved = await chatRoomSave(this.connection, picked.kept?.id ?? null, $state.snapshot(picked.room));
      this.answers.set(saved.kept.id, saved);
      this.kept = [...this.kept.filter((it) => it.id !== saved.kept.id), saved.kept];
      this.#set(picked.key, null);
      this.pickedKey = saved.kept.id;
      this.plan = null;
      await this.load();
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
      ? [{ key: NEW, kept: null, room: edit, changes: Math.max(1, changeCount(null, edit)) }]
      : [];
    return [
      ...made,
      ...this.kept.map((kept): Listed => {
        const room = this.#edits.get(kept.id) ?? kept.room;
        return { key: kept.id, kept, room, changes: changeCount(kept.room, room) };
      }),
    ];
  }

  #filtered(): Listed[] {
    const wanted = this.filter.normalize("NFKC").trim().toLowerCase();
    if (wanted === "") return this.all;
    return this.all.filter((it) => it.room.name.normalize("NFKC").toLowerCase().includes(wanted));
  }

  #newOr(): string {
    return this.connections.find((it) => it.id === this.#newConnection)?.id ?? this.connections[0]?.id ?? "";
  }

  #put(edit: ChatRoom): void {
    const isSame = this.pickedKey !== NEW && this.before !== null && changeCount(this.before, edit) === 0;
    this.problem = null;
    this.#set(this.pickedKey, isSame ? null : edit);
    this.#askPlan(PAUSE);
  }

  #set(key: string, edit: ChatRoom | null): void {
    if (edit) this.#edits.set(key, edit);
    else this.#edits.delete(key);
    localStorage.setItem(KEEP, JSON.stringify([...this.#edits]));
  }

  /** Asks what a save would send, once nobody types; only the last answer counts. */
  #askPlan(pause: number): void {
    const asked = ++this.#planned;
    clearTimeout(this.#pause);
    this.#pause = setTimeout(() => void this.#plan(asked), pause);
  }

  async #plan(asked: number): Promise<void> {
    const picked = this.picked;
    if (!picked || this.connection === "" || this.isSaving) return;
    try {
      const plan = await chatRoomPlan(this.connection, picked.kept?.id ?? null, $state.snapshot(picked.room));
      if (asked === this.#planned) this.plan = plan;
    } catch (thrown) {
      if (asked !== this.#planned) return;
      this.plan = null;
      // An empty new room is not a fault yet.
      if (picked.key !== NEW || picked.room.name !== "") this.problem = problemOf(thrown);
    }
  }

  #fieldOf(problem: Problem | null): FormField | null {
    if (!problem) return null;
    if (problem.reason === "not_addressable" || problem.reason === "name_taken") return "name";
    return FIELDS.find(([word]) => word.test(problem.words))?.[1] ?? null;
  }
}

/** What was changed and not saved before the window was closed. */
function readEdits(): [string, ChatRoom][] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEEP) ?? "[]");
    return Array.isArray(kept) ? (kept as [string, ChatRoom][]) : [];
  } catch {
    return [];
  }
}
