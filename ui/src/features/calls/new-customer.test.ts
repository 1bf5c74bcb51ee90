import { describe, expect, it } from "vitest";
import { customerOf, faultsOf, formOf, isNumber, isSound } from "./new-customer";

describe("a new customer", () => {
  it("needs a name and the number that rang", () => {
    const form = formOf("090-5550-0187");
    expect(faultsOf(form).name).toBe("missing");
    expect(isSound(faultsOf({ ...form, name: "黒田 亨" }))).toBe(true);
    expect(faultsOf({ ...form, name: "黒田 亨", numbers: [" "] }).numbers.get(0)).toBe("missing");
  });

  it("says which number is none, and lets a further one stay empty", () => {
    const faults = faultsOf({ ...formOf("090-5550-0187", "黒田"), numbers: ["090-5550-0187", "", "内線"] });
    expect([...faults.numbers]).toEqual([[2, "not_number"]]);
  });

  it.each([
    ["03-5550-0100", true],
    ["0355500100", true],
    ["(03) 5550 0100", true],
    ["+1 415 555 0102", true],
    ["０３−５５５０−０１００", true],
    ["12", false],
    ["--", false],
    ["03-5550-0100 内線", false],
  ])("takes %s as a number: %s", (text, is) => expect(isNumber(text)).toBe(is));

  it("has an e-mail address or none", () => {
    const form = formOf("110", "a");
    expect(faultsOf({ ...form, email: "a@example.jp" }).email).toBeUndefined();
    expect(faultsOf({ ...form, email: "a example.jp" }).email).toBe("not_email");
  });

  it("is sent without spaces around it, without empty fields and with each number once", () => {
    const form = { ...formOf("110", " 黒田 亨 "), numbers: ["110", " ", "110 ", "119"], note: "  ", company: "南星" };
    expect(customerOf(form)).toEqual({
      name: "黒田 亨",
      kana: null,
      company: "南星",
      numbers: ["110", "119"],
      email: null,
      address: null,
      note: null,
    });
  });
});
