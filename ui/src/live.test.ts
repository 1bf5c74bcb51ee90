/** A call that two connections tell of rings once, and stops once. */
import { beforeEach, expect, test, vi } from "vitest";
import type { Call } from "./bridge/types/Call";
import type { Event } from "./bridge/types/Event";
import type { Outcome } from "./bridge/types/Outcome";
import { live } from "./live.svelte";

const heard = vi.hoisted(() => ({ listener: undefined as ((event: Event) => void) | undefined }));
vi.mock("./bridge/commands", () => ({
  appStart: () => Promise.resolve({ systems: [], connections: [] }),
}));
vi.mock("./bridge/events", () => ({
  subscribe: (listener: (event: Event) => void) => {
    heard.listener = listener;
    return Promise.resolve();
  },
}));

const nobody = { raw: "", e164: null, name: null, location: null, shown: "" };
function call(id: string, same: string[] = [], outcome: Outcome = "ringing"): Call {
  return {
    id,
    connection: id.split("/")[0] ?? "",
    external_id: id,
    session_id: null,
    started_at: null,
    duration_seconds: null,
    direction: "inbound",
    outcome,
    from: nobody,
    to: nobody,
    line: null,
    people: [],
    customer: null,
    customer_count: 0,
    note: null,
    legs: [],
    same: same.map((it) => ({
      id: it,
      connection: it.split("/")[0] ?? "",
      started_at: null,
      outcome,
      line: null,
      is_by_hand: false,
    })),
  };
}
const tell = (event: Event): void => heard.listener?.(event);
const news = (it: Call): void =>
  tell({ type: "call", event: "ringing", at: "2026-10-14T01:42:00Z", call: it, customers: [], recent: [] });
const ringing = (): string[] => [...live.ringing.keys()];

beforeEach(async () => {
  await live.start();
  tell({ type: "snapshot", ringing: [], connections: [] });
});

test("a second record of a call that rings adds no second call", () => {
  news(call("cti/1"));
  news(call("ring/1", ["cti/1"]));
  news(call("ring/2"));
  expect(ringing()).toEqual(["cti/1", "ring/2"]);
});

test("what is found to be the same while both ring becomes one", () => {
  news(call("cti/1"));
  news(call("ring/1"));
  news(call("cti/1", ["ring/1"]));
  expect(ringing()).toEqual(["cti/1"]);
});

test.each(["answered", "missed"] as const)("either record that is %s takes both away", (outcome) => {
  news(call("cti/1"));
  news(call("ring/1", ["cti/1"]));
  news(call("cti/2"));
  news(call("ring/1", ["cti/1"], outcome));
  expect(ringing()).toEqual(["cti/2"]);
});

test("a record that ends and does not yet know the other takes it away too", () => {
  news(call("cti/1", ["ring/1"]));
  news(call("ring/1", [], "answered"));
  expect(ringing()).toEqual([]);
});

test("a snapshot holds each call once", () => {
  tell({
    type: "snapshot",
    ringing: [call("cti/1", ["ring/1"]), call("ring/1", ["cti/1"]), call("ring/2")],
    connections: [],
  });
  expect(ringing()).toEqual(["cti/1", "ring/2"]);
});
