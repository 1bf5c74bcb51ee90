import { afterEach, beforeEach, expect, it } from "vitest";
import { guardComposition } from "./ime";

let stop: () => void;
let heard: string[];
const hear = (event: Event): void => void heard.push((event as KeyboardEvent).key);

beforeEach(() => {
  heard = [];
  stop = guardComposition(window);
  window.addEventListener("keydown", hear);
});
afterEach(() => {
  stop();
  window.removeEventListener("keydown", hear);
});

/** Sends an event at a time of its own; returns whether its default was prevented. */
function send(type: string, at: number, init: KeyboardEventInit = {}): boolean {
  const isKey = type.startsWith("key");
  const event = isKey
    ? new KeyboardEvent(type, { bubbles: true, cancelable: true, ...init })
    : new Event(type, { bubbles: true });
  Object.defineProperty(event, "timeStamp", { value: at });
  document.body.dispatchEvent(event);
  return event.defaultPrevented;
}
const enter = { key: "Enter", code: "Enter", keyCode: 13 };

it("keeps keys of a composition from the application, in Chromium's order", () => {
  send("compositionstart", 0);
  send("keydown", 10, { key: "k", isComposing: true });
  send("keydown", 20, { ...enter, isComposing: true, keyCode: 229 });
  send("compositionend", 21);
  send("keyup", 30, enter);
  expect(heard).toEqual([]);
  send("keydown", 40, enter);
  expect(heard, "the next Enter is meant").toEqual(["Enter"]);
});

it("swallows the Enter that comes after the end of a composition, in WebKit's order", () => {
  send("compositionstart", 0);
  send("compositionend", 20);
  expect(send("keydown", 22, enter)).toBe(true);
  expect(heard).toEqual([]);
  send("keyup", 30, enter);
  expect(send("keydown", 60, enter)).toBe(false);
  expect(heard).toEqual(["Enter"]);
});

it("swallows it as well where WebKit gives it the code of a composition", () => {
  send("compositionend", 20);
  expect(send("keydown", 22, { ...enter, keyCode: 229 })).toBe(true);
  expect(heard).toEqual([]);
});

it("lets an Enter through that is pressed long after a composition ended by a click", () => {
  send("compositionend", 20);
  send("keydown", 2_000, enter);
  expect(heard).toEqual(["Enter"]);
});

it("lets an Enter through after another key", () => {
  send("compositionend", 20);
  send("keydown", 30, { key: "a" });
  send("keydown", 40, enter);
  expect(heard).toEqual(["a", "Enter"]);
});

it("knows a composition by its key code alone", () => {
  send("keydown", 10, { key: "Process", keyCode: 229 });
  expect(heard).toEqual([]);
});
