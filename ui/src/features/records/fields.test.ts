import { expect, test } from "vitest";
import { fieldMeaning } from "./fields";

test("a field is known by its name whatever its width", () => {
  expect(fieldMeaning("着信TEL")).toBe("Number that was called");
  expect(fieldMeaning("着信ＴＥＬ")).toBe("Number that was called");
  expect(fieldMeaning("url")).toBe("Address that is opened");
  expect(fieldMeaning("ﾒﾓ")).toBe("Note");
  expect(fieldMeaning("新しい項目")).toBeUndefined();
});
