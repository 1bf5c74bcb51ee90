import { describe, expect, test } from "vitest";

import type { ChatRoom } from "../../bridge/types/ChatRoom";
import {
  changeCount,
  emptyRoom,
  memberRows,
  missingRoles,
  stayed,
  uidsIn,
  withMemberBack,
  withMembers,
  withMemberValue,
  withoutMember,
} from "./edits";

const room = (uids: string[], change: Partial<ChatRoom> = {}): ChatRoom => ({
  external_id: "1564831284702237059",
  name: "海外営業",
  is_public: false,
  creator_id: "c",
  admin_id: "a",
  members: uids.map((uid) => ({ uid, value: true })),
  ...change,
});

const marks = (before: ChatRoom | null, edit: ChatRoom) => memberRows(before, edit).map((it) => `${it.uid} ${it.mark}`);

describe("marks of members", () => {
  test("removed members keep their place and new ones come last", () => {
    const rows = marks(room(["a", "b", "c"]), room(["a", "c", "d"]));
    expect(rows).toEqual(["a same", "b removed", "c same", "d added"]);
  });

  test("in a room that does not exist yet nobody is marked as added", () => {
    expect(marks(null, room(["a", "b"]))).toEqual(["a same", "b same"]);
  });

  test("administrator and creator are known by their ids", () => {
    const rows = memberRows(null, room(["a", "b", "c"]));
    expect(rows.map((it) => [it.isAdmin, it.isCreator])).toEqual([
      [true, false],
      [false, false],
      [false, true],
    ]);
  });

  test("a kept false stays false", () => {
    const before = room([], { members: [{ uid: "a", value: false }] });
    expect(memberRows(before, before)[0]?.value).toBe(false);
    const readded = withMembers(withoutMember(before, "a"), before, ["a"]);
    expect(readded.members).toEqual([{ uid: "a", value: false }]);
  });

  test("a removed member comes back to the old place", () => {
    const before = room(["a", "b", "c"]);
    const edit = withMembers(withoutMember(before, "b"), before, ["d"]);
    expect(withMemberBack(edit, before, "b").members.map((it) => it.uid)).toEqual(["a", "b", "c", "d"]);
  });
});

describe("count of changes", () => {
  test("each field and each member counts once", () => {
    expect(changeCount(room(["a", "b"]), room(["a", "b"]))).toBe(0);
    expect(changeCount(room(["a", "b"]), room(["a", "d"], { name: "海外", is_public: true }))).toBe(4);
  });

  test("a new room is compared with an empty one", () => {
    expect(changeCount(null, emptyRoom())).toBe(0);
    expect(changeCount(null, room(["a"]))).toBe(4);
  });
});

describe("pasted user ids", () => {
  const check = (text: string, uids: string[], unusable: string[] = []) => {
    expect(uidsIn(text)).toEqual({ uids, unusable });
  };

  test("anything may stand between them", () => {
    check("a1, b2;c3\td4\r\ne5、f6", ["a1", "b2", "c3", "d4", "e5", "f6"]);
  });

  test("a piece of the room's JSON works too", () => {
    check('"memberA": true,\n "memberB": false', ["memberA", "memberB"]);
  });

  test("each is taken once and what cannot be an id is named", () => {
    check("a1 a1 tanaka@example.jp 田中", ["a1"], ["tanaka@example.jp", "田中"]);
  });
});

test("an administrator or creator outside the members is named once", () => {
  expect(missingRoles(room(["a"]))).toEqual(["c"]);
  expect(missingRoles(room(["b"], { admin_id: "c" }))).toEqual(["c"]);
  expect(missingRoles(room(["a", "c"]))).toEqual([]);
});

test("a member gets another value in their place, and somebody who is none becomes one", () => {
  const values = (edit: ChatRoom) => edit.members.map((it) => `${it.uid} ${String(it.value)}`);
  expect(values(withMemberValue(room(["a", "b"]), "a", false))).toEqual(["a false", "b true"]);
  expect(values(withMemberValue(room(["a"]), "d", false))).toEqual(["a true", "d false"]);
});

test("who was left out and is still in the room is told by the answer, unless already false there", () => {
  const answered = (after: string) => [{ field: "memberUids", before: null, after }];
  expect(stayed(room(["a", "b"]), answered("b: true"))).toEqual(["b"]);
  expect(stayed(room(["a", "b"]), [{ field: "name", before: null, after: "b: true" }])).toEqual([]);
  const before = room([], { members: [{ uid: "b", value: false }] });
  expect(stayed(before, answered("b: false"))).toEqual([]);
});
