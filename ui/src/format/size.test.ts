import { expect, test } from "vitest";

import { fileSize } from "./size";

test("a size is told in the unit that fits", () => {
  expect(fileSize(1, "en")).toBe("1 byte");
  expect(fileSize(4_210, "en")).toBe("4.2 kB");
  expect(fileSize(123_456, "en")).toBe("123 kB");
  expect(fileSize(30_000_000, "ja")).toBe("30 MB");
});
