/** What changes in a chat room: marks of members, the count of changes, and user ids out of pasted text. */

import type { ChatRoom } from "../../bridge/types/ChatRoom";
import type { Difference } from "../../bridge/types/Difference";

/** The field of the members on the wire. */
const MEMBERS = "memberUids";

/** A member that stays, comes or goes. */
export type MemberMark = "same" | "added" | "removed";

/** A line of the table of members. */
export interface MemberRow {
  uid: string;
  mark: MemberMark;
  isAdmin: boolean;
  isCreator: boolean;
  /** False where the server keeps `false` beside the member. */
  value: boolean;
}

/** A room that does not exist yet. */
export const emptyRoom = (): ChatRoom => ({
  external_id: null,
  name: "",
  is_public: false,
  creator_id: "",
  admin_id: "",
  members: [],
});

/** Who was there in their order, the removed ones in their place, then who is new. */
export function memberRows(before: ChatRoom | null, edit: ChatRoom): MemberRow[] {
  const now = new Map(edit.members.map((it) => [it.uid, it]));
  const earlier = before?.members ?? [];
  const known = new Set(earlier.map((it) => it.uid));
  const row = (uid: string, value: boolean, mark: MemberMark): MemberRow => ({
    uid,
    mark,
    isAdmin: uid === edit.admin_id,
    isCreator: uid === edit.creator_id,
    value,
  });
  return [
    ...earlier.map((it) => row(it.uid, now.get(it.uid)?.value ?? it.value, now.has(it.uid) ? "same" : "removed")),
    ...edit.members.filter((it) => !known.has(it.uid)).map((it) => row(it.uid, it.value, before ? "added" : "same")),
  ];
}

/** How many things differ: each field and each member counts once. */
export function changeCount(before: ChatRoom | null, edit: ChatRoom): number {
  const from = before ?? emptyRoom();
  const fields = [
    from.name !== edit.name,
    from.is_public !== edit.is_public,
    from.creator_id !== edit.creator_id,
    from.admin_id !== edit.admin_id,
  ].filter(Boolean).length;
  const was = new Map(from.members.map((it) => [it.uid, it.value]));
  const is = new Map(edit.members.map((it) => [it.uid, it.value]));
  const gone = [...was.keys()].filter((uid) => !is.has(uid)).length;
  const changed = [...is].filter(([uid, value]) => was.get(uid) !== value).length;
  return fields + gone + changed;
}

/** User ids out of pasted text, in order and each once, and the words that cannot be ids. */
export function uidsIn(text: string): { uids: string[]; unusable: string[] } {
  const words = text
    .split(/[\s,;:|"'`()[\]{}<>=、。，；：・「」]+/u)
    .filter((it) => it !== "" && !/^(true|false|null)$/i.test(it));
  const unique = [...new Set(words)];
  const isUid = (word: string): boolean => /^[A-Za-z0-9_-]+$/.test(word);
  return { uids: unique.filter(isUid), unusable: unique.filter((it) => !isUid(it)) };
}

/** The room with these people added at the end; who is a member already stays as they are. */
export function withMembers(edit: ChatRoom, before: ChatRoom | null, uids: readonly string[]): ChatRoom {
  const known = new Set(edit.members.map((it) => it.uid));
  const added = uids
    .filter((uid) => !known.has(uid))
    .map((uid) => before?.members.find((it) => it.uid === uid) ?? { uid, value: true });
  return { ...edit, members: [...edit.members, ...added] };
}

/** The room with another value beside this person, who is a member then. */
export function withMemberValue(edit: ChatRoom, uid: string, value: boolean): ChatRoom {
  const isIn = edit.members.some((it) => it.uid === uid);
  const members = edit.members.map((it) => (it.uid === uid ? { uid, value } : it));
  return { ...edit, members: isIn ? members : [...members, { uid, value }] };
}

/** Who was left out and stands in the answer nevertheless, by the lines in which it differs from what was asked. */
export function stayed(edit: ChatRoom, lines: readonly Difference[]): string[] {
  return lines
    .filter((it) => it.field === MEMBERS && it.before === null)
    .map((it) => it.after?.split(":", 1)[0] ?? "")
    .filter((uid) => edit.members.some((it) => it.uid === uid && it.value));
}

/** The room without this person. */
export function withoutMember(edit: ChatRoom, uid: string): ChatRoom {
  return { ...edit, members: edit.members.filter((it) => it.uid !== uid) };
}

/** The room with a removed person back in their old place. */
export function withMemberBack(edit: ChatRoom, before: ChatRoom, uid: string): ChatRoom {
  const added = edit.members.filter((it) => !before.members.some((old) => old.uid === it.uid));
  const kept = before.members
    .filter((old) => old.uid === uid || edit.members.some((it) => it.uid === old.uid))
    .map((old) => edit.members.find((it) => it.uid === old.uid) ?? old);
  return { ...edit, members: [...kept, ...added] };
}

/** Administrator and creator who are not among the members, each once. */
export function missingRoles(edit: ChatRoom): string[] {
  const members = new Set(edit.members.map((it) => it.uid));
  return [...new Set([edit.admin_id, edit.creator_id])].filter((uid) => uid !== "" && !members.has(uid));
}
