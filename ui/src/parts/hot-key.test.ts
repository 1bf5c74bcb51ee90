import { describe, expect, it } from "vitest";
import { hotKeyCaps, hotKeyOf } from "./hot-key";

const press = (code: string, ...held: ("ctrlKey" | "altKey" | "shiftKey" | "metaKey")[]): string | null => {
  const none = { ctrlKey: false, altKey: false, shiftKey: false, metaKey: false };
  return hotKeyOf({ code, ...none, ...Object.fromEntries(held.map((it) => [it, true])) });
};

describe("a combination of keys", () => {
  it("is read in one order, by the place of the key", () => {
    expect(press("KeyL", "altKey", "ctrlKey")).toBe("Ctrl+Alt+L");
    expect(press("Digit1", "metaKey", "shiftKey")).toBe("Shift+Super+1");
    expect(press("F12", "altKey")).toBe("Alt+F12");
    expect(press("F24", "ctrlKey", "altKey", "shiftKey", "metaKey")).toBe("Ctrl+Alt+Shift+Super+F24");
  });

  it("needs more than Shift, and a letter, a figure or a function key", () => {
    for (const code of ["ControlLeft", "AltLeft", "Enter", "Escape", "F25", "Numpad1", "Comma"])
      expect(press(code, "ctrlKey", "altKey"), code).toBeNull();
    expect(press("KeyL")).toBeNull();
    expect(press("KeyL", "shiftKey")).toBeNull();
  });

  it("is shown as it stands on the keyboard", () => {
    expect(hotKeyCaps("Ctrl+Alt+L", false)).toEqual(["Ctrl", "Alt", "L"]);
    expect(hotKeyCaps("Super+F1", false)).toEqual(["Win", "F1"]);
    expect(hotKeyCaps("Ctrl+Alt+Shift+Super+L", true)).toEqual(["⌃", "⌥", "⇧", "⌘", "L"]);
  });
});
