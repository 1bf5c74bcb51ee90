import { expect, test } from "vitest";

import { MemberHistory } from "./member-history";

const members = (...uids: string[]) => uids.map((uid) => ({ uid, value: true }));

test("changes are taken back one by one, each room for itself", () => {
  const history = new MemberHistory();
  history.note("a", members("1"));
  history.note("a", members("1", "2"));
  history.note("b", members("9"));
  expect(history.back("a")).toEqual(members("1", "2"));
  expect(history.back("a")).toEqual(members("1"));
  expect(history.back("a")).toBeUndefined();
  history.forget("b");
  expect(history.back("b")).toBeUndefined();
});
