import { expect, it } from "vitest";
import { quietEnd } from "./quiet-hours";

const at = (day: number, hour: number, minute = 0): Date => new Date(2026, 9, day, hour, minute);

it("knows the end of the quiet hours, over midnight too", () => {
  const night = { from: 20, to: 8 };
  expect(quietEnd(night, at(14, 19, 59))).toBeNull();
  expect(quietEnd(night, at(14, 20))).toEqual(at(15, 8));
  expect(quietEnd(night, at(31, 23, 30))).toEqual(new Date(2026, 10, 1, 8));
  expect(quietEnd(night, at(15, 7, 59))).toEqual(at(15, 8));
  expect(quietEnd(night, at(15, 8))).toBeNull();
  expect(quietEnd({ from: 12, to: 13 }, at(14, 12, 1))).toEqual(at(14, 13));
  expect(quietEnd(null, at(14, 12))).toBeNull();
});
