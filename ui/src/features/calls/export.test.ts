import { describe, expect, it } from "vitest";
import { columnsOfFile, faultOfName, requestOf, usualName } from "./export";
import { everything } from "../../bridge/everything";

describe("a file of calls", () => {
  it("has the columns of the list in their order, and the others after them", () => {
    const columns = columnsOfFile([
      { id: "caller", is_shown: true, width: null },
      { id: "note", is_shown: false, width: null },
    ]);
    const names = columns.map((it) => it.column);
    expect(names.indexOf("caller")).toBeLessThan(names.indexOf("note"));
    expect(names.slice(-4)).toEqual(["direction", "international", "rang", "id"]);
    expect(new Set(names).size).toBe(14);
    expect(columns.find((it) => it.column === "note")?.isOn).toBe(false);
    expect(columns.find((it) => it.column === "company")?.isOn).toBe(true);
  });

  it("is asked for with the ticked columns only, with words for headings and codes", () => {
    const request = requestOf(everything, {
      format: "csv",
      encoding: "cp932",
      name: " Calls ",
      hidesNumbers: true,
      columns: [
        { column: "time", isOn: true },
        { column: "id", isOn: false },
        { column: "seconds", isOn: true },
      ],
    });
    expect(request.name).toBe("Calls");
    expect(request.hides_numbers).toBe(true);
    expect(request.columns.map((it) => it.column)).toEqual(["time", "seconds"]);
    for (const it of request.columns) expect(it.heading).not.toBe("");
    const codes = ["ringing", "answered", "missed", "voicemail", "refused", "failed", "unknown", "inbound", "outbound"];
    expect(Object.keys(request.words).sort()).toEqual(codes.sort());
  });

  it("is named by the day", () => {
    expect(usualName(new Date(2026, 9, 4))).toMatch(/ 2026-10-04$/);
    expect(faultOfName(usualName(new Date(2026, 9, 4)))).toBeNull();
  });

  it.each([
    ["通話 2026-10-14", null],
    ["  ", "missing"],
    ["../calls", "not_usable"],
    ["a\\b", "not_usable"],
    ["a:b", "not_usable"],
    ["..", "not_usable"],
    ["a\u0000b", "not_usable"],
  ])("checks the name %j: %s", (name, fault) => expect(faultOfName(name)).toBe(fault));
});
