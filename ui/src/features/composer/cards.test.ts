import { expect, test } from "vitest";

import { isWebAddress, readCards, withCard, withFields, withFolded, withMoved, withoutCard, withText } from "./cards";

const TWO = `[
  { "title": "一", "ts": 1234567890123456789, "x": {"a": [1, 2.50]} },
  { "title": "二", "fields": [{ "title": "回線", "value": "営業", "short": true, "y": 1e3 }] }
]`;

test("reads cards with their fields", () => {
  const { cards, fault } = readCards(TWO);
  expect(fault).toBeNull();
  expect(cards.map((it) => it.title)).toEqual(["一", "二"]);
  expect(cards[1]?.fields).toEqual([{ title: "回線", value: "営業", isShort: true }]);
  expect(readCards("  ")).toEqual({ cards: [], fault: null });
});

test("changes what it knows and leaves everything else as it was written", () => {
  let text = withText(TWO, 0, "title", "新しい");
  text = withFolded(text, 0, true);
  text = withText(text, 0, "image_url", "https://example.jp/a.png");
  expect(text).toContain('"ts": 1234567890123456789');
  expect(text).toContain("2.50");
  text = withFields(text, 1, [{ title: "回線", value: "海外", isShort: false }], [0]);
  expect(text).toContain('"y": 1e3');
  expect(text).toContain('"short": false');
  const { cards } = readCards(text);
  expect(cards[0]).toMatchObject({ title: "新しい", isFolded: true, image_url: "https://example.jp/a.png" });
  expect(cards[1]?.fields).toEqual([{ title: "回線", value: "海外", isShort: false }]);
  expect(withText(text, 0, "image_url", "")).not.toContain("image_url");
});

test("moves, adds and takes cards out", () => {
  expect(readCards(withMoved(TWO, 0, 1)).cards.map((it) => it.title)).toEqual(["二", "一"]);
  expect(withMoved(withMoved(TWO, 0, 1), 1, -1)).toBe(withMoved(withMoved(TWO, 1, -1), 0, 1));
  expect(readCards(withMoved(TWO, 1, 1)).cards.map((it) => it.title)).toEqual(["一", "二"]);
  expect(readCards(withCard(TWO, "#145f8a")).cards[2]).toMatchObject({ title: "", color: "#145f8a" });
  expect(withoutCard(withoutCard(TWO, 0), 0)).toBe("");
});

test("names what is wrong, with its line", () => {
  const fault = (text: string): unknown => readCards(text).fault;
  expect(fault('[\n  {"a": 1,}\n]')).toEqual({ kind: "not_json", line: 2, sign: "}" });
  expect(fault("[")).toEqual({ kind: "not_json", line: 1, sign: "" });
  expect(fault("[01]")).toEqual({ kind: "not_json", line: 1, sign: "1" });
  expect(fault('\n{"a": 1}')).toEqual({ kind: "not_a_list", line: 2 });
  expect(fault("[{},\n 5]")).toEqual({ kind: "not_a_card", line: 2, at: 2 });
  expect(fault('[{"title": 5}]')).toEqual({ kind: "bad_value", line: 1, at: 1, key: "title" });
  expect(fault('[{"title": "x",\n"collapsed": "yes"}]')).toEqual({
    kind: "bad_value",
    line: 2,
    at: 1,
    key: "collapsed",
  });
  expect(fault('[{"fields": [{"title": "x"}]}]')).toEqual({ kind: "half_field", line: 1, at: 1 });
  expect(fault('[{},{"title_link":\n"javascript:alert(1)"}]')).toEqual({
    kind: "bad_address",
    line: 2,
    at: 2,
    key: "title_link",
  });
});

test("takes addresses of the web and no others", () => {
  for (const it of ["https://example.jp/a?b=c", "http://192.168.0.1/x.png"]) expect(isWebAddress(it), it).toBe(true);
  for (const it of ["", "example.jp", "javascript:1", "file:///x", "https://", "data:text/html,x", "//example.jp"])
    expect(isWebAddress(it), it).toBe(false);
});
