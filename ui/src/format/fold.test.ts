import { expect, test } from "vitest";
import { fold } from "./fold";

test("width, kana and case do not matter", () => {
  expect(fold("にしむら")).toBe(fold("ﾆｼﾑﾗ"));
  expect(fold("ＡＢＣ")).toBe("abc");
  expect(fold("  西村　彩 ")).toBe("西村 彩");
  expect(fold("西村")).not.toBe(fold("東村"));
});
