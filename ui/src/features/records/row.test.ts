import { expect, test } from "vitest";
import { fields, isHidden, summary, text } from "./row";

test("a value reads as a person writes it, and no digit is lost", () => {
  const row = '{"番号":1564831284702237059123,"名称":"a\\"b","空":null,"PW":{"$secret":"kept"}}';
  const values = Object.fromEntries(fields(row));
  expect(text(values["番号"] ?? null)).toBe("1564831284702237059123");
  expect(text(values["名称"] ?? null)).toBe('a"b');
  expect(text(values["空"] ?? null)).toBe("");
  expect(isHidden(values["PW"] ?? "")).toBe(true);
  expect(text(values["PW"] ?? null)).toBe("••••••");
  expect(fields("[1]")).toEqual([]);
});

test("a line about a row leaves out what is empty and what is secret", () => {
  expect(summary(['"0355500112"', '""', '{"$secret":"new"}', "34"])).toBe("0355500112 · 34");
});
