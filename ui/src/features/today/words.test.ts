import { beforeEach, describe, expect, it } from "vitest";
import { language } from "../../i18n";
import { at, call, colleague, delivery, followUp, party, whereabouts } from "./making";
import { caller, closedWords, colleagueWords, messageWords, since, spoken, template } from "./words";
import { where } from "../../whereabouts";

const NOW = new Date(at(10, 42));
const customer = { id: "cti/1", name: "西村 彩", company: "北浜デザイン" };

beforeEach(() => language.follow("en"));

describe("where somebody is", () => {
  const said = (change: Parameters<typeof whereabouts>[0], hasSpoken = false): string => {
    const { shape, text } = where(whereabouts(change), hasSpoken);
    return `${shape}: ${text}`;
  };
  const booked = (room: string, hour: number): { room: string; title: string; start: string; end: string } => ({
    room,
    title: "",
    start: at(10),
    end: at(hour),
  });
  const presence = (availability: "available" | "busy" | "offline", is_on_call = false) => ({
    presence: { external_id: "1", availability, is_on_call },
  });

  it("names the room and its end, and both where there are two", () => {
    expect(said({ now: [booked("Room B", 15)] })).toBe("busy: Room B until 15:00");
    expect(said({ now: [booked("Room A", 12), booked("Room B", 15)] })).toBe(
      "busy: in Room A and Room B at the same time",
    );
  });

  it("says free only of whom a telephone says so", () => {
    expect(said({})).toBe("none: no booking now");
    expect(said({ read_at: null })).toBe("none: whereabouts unknown");
    expect(said({ is_name_shared: true })).toBe("none: another colleague has this name");
    expect(said(presence("available"))).toBe("free: free");
    expect(said({ ...presence("available"), next: booked("A", 12) })).toBe("free: free until 10:00");
    expect(said(presence("available"), true)).toBe("free: free, spoke last");
    expect(said(presence("available", true))).toBe("busy: on the telephone");
    expect(said(presence("busy"))).toBe("busy: do not disturb");
    expect(said(presence("offline"))).toBe("none: not there");
  });
});

it("says whom to tell, and why nobody can be", () => {
  const line = (change: Parameters<typeof followUp>[1]): string => {
    const { name, where: place } = colleagueWords(followUp("1", change));
    return `${name}: ${place?.text ?? ""}`;
  };
  expect(line({})).toBe("田中 健一: no booking now");
  expect(line({ colleagues: [colleague("田中 健一", { chats: [] })] })).toBe("田中 健一: no chat reaches them");
  expect(line({ colleagues: [colleague("田中 健一"), colleague("鈴木 大輔")] })).toBe(
    "2 colleagues: choose when sending",
  );
  expect(line({ colleagues: [] })).toBe("–: no colleague known");
  expect(line({ colleagues: [], call: call("1", { from: party("") }) })).toBe("–: no way to call back");
});

it("says which call closed it, or who did", () => {
  const spoke = [{ id: "p", name: "鈴木 大輔", email: null, system: "s", external_id: "1", role: "spoke" as const }];
  const closed = (change: Parameters<typeof call>[1]): string =>
    closedWords(followUp("1", { state: "closed_itself", at: at(9, 40), closed_by: call("2", change) }), NOW);
  expect(closed({ direction: "outbound", people: spoke })).toBe("called back 9:40 by 鈴木 大輔");
  expect(closed({ direction: "outbound" })).toBe("called back 9:40");
  expect(closed({ people: spoke })).toBe("rang again 9:40, answered by 鈴木 大輔");
  expect(closed({})).toBe("rang again 9:40, answered");
  expect(closedWords(followUp("1", { state: "done", who: "misaki", at: at(17, 5, 13) }), NOW)).toBe(
    "closed 13 Oct 17:05 by misaki",
  );
});

it("shows what became of a message, never as sent what may not be", () => {
  const said = (state: Parameters<typeof delivery>[1]): string =>
    messageWords({ name: "田中 健一", delivery: delivery("d", state) }, NOW);
  expect(["waiting", "sending", "sent", "refused", "unknown", "paused"].map((it) => said(it as "sent"))).toEqual([
    "on its way to 田中 健一",
    "on its way to 田中 健一",
    "told 田中 健一 at 10:36",
    "not sent to 田中 健一",
    "may have reached 田中 健一",
    "waits for a sign-in",
  ]);
});

describe("the text of a message", () => {
  it("names caller, time, number, line, note and how often", () => {
    const it = followUp("1", { call: call("1", { customer, note: "請求書の件" }), calls: ["1", "0"] });
    expect(template(it, NOW).split("\n")).toEqual([
      "西村 彩 (北浜デザイン) rang at 10:31.",
      "Number: 06-5550-0118",
      "Line: Sales",
      "Note: 請求書の件",
      "2 calls so far.",
      "Please call back.",
    ]);
    language.follow("ja");
    expect(template(it, NOW).split("\n")).toEqual([
      "10:31 に 北浜デザイン 西村 彩 様よりお電話がありました。",
      "電話番号: 06-5550-0118",
      "回線: Sales",
      "メモ: 請求書の件",
      "これまでに 2 回お電話をいただいています。",
      "折り返しをお願いいたします。",
    ]);
  });

  it("asks nobody to call a withheld number back", () => {
    const it = followUp("1", { call: call("1", { from: party(""), line: null, started_at: at(17, 5, 13) }) });
    expect(template(it, NOW)).toBe("A call without a number came in at 13 Oct 17:05.");
  });
});

it("reads a row out whole", () => {
  const it = followUp("1", { call: call("1", { customer }), state: "taken", who: "ichiro" });
  expect(spoken(it, NOW)).toBe(
    "10:31, Missed, 西村 彩 (北浜デザイン), 06-5550-0118, Sales · rang 22 s, 田中 健一 no booking now, taken by ichiro",
  );
  expect(caller(call("1")).name).toBe("06-5550-0118");
});

it("says how long ago up to an hour and a half, and the day before today", () => {
  expect([since(at(10, 31), NOW), since(at(9, 0), NOW), since(at(10, 31, 13), NOW)]).toEqual(["11 min", "", "13 Oct"]);
});
