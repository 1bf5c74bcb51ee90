import { expect, test } from "vitest";

import { emptyFields, fieldsIn, filled, filledJson, piecesOf } from "./fields";

const TEXT = "{{customer}} {{ caller }} 様\n番号: {{number}}\n用件: {{note}}";

test("fields are found, each once, and put together the pieces are the text", () => {
  expect(fieldsIn(`${TEXT}{{number}}`)).toEqual(["customer", "caller", "number", "note"]);
  expect(
    piecesOf(TEXT)
      .map((it) => it.text)
      .join(""),
  ).toBe(TEXT);
  expect(fieldsIn("{{}} {a} {{a b}} {{{a}}")).toEqual(["a"]);
});

test("values stand in place of fields, and the line of an empty one is left out", () => {
  const values = { customer: "北浜デザイン", caller: "西村", number: " ", note: "" };
  expect(filled(TEXT, values)).toBe("北浜デザイン 西村 様");
  expect(emptyFields(TEXT, values)).toEqual(["number", "note"]);
  expect(filled("a\n\nb", {})).toBe("a\n\nb");
});

test("a value is never read again for fields, and no name reaches into the language", () => {
  expect(filled("{{a}}", { a: "{{b}} $&", b: "x" })).toBe("{{b}} $&");
  expect(emptyFields("{{constructor}} {{toString}}", {})).toEqual(["constructor", "toString"]);
});

test("inside JSON a value is written as JSON writes it", () => {
  const text = filledJson('[{"title": "{{a}} {{b}}"}]', { a: '"引用"\n' });
  expect(JSON.parse(text)).toEqual([{ title: '"引用" ' }]);
  expect(JSON.parse(filledJson('["{{a}}"]', { a: 'x"\\\n' }))).toEqual(['x"\\']);
});
