/** Small things that the tests of Today are made of. */
import type { Call } from "../../bridge/types/Call";
import type { Colleague } from "../../bridge/types/Colleague";
import type { Delivery } from "../../bridge/types/Delivery";
import type { FollowUp } from "../../bridge/types/FollowUp";
import type { Whereabouts } from "../../bridge/types/Whereabouts";

/** An instant of the day on which everything happens, where the tests run. */
export const at = (hour: number, minute = 0, day = 14): string => new Date(2026, 9, day, hour, minute).toISOString();

export const party = (shown: string): Call["from"] => ({ raw: shown, e164: null, name: null, location: null, shown });

export const call = (id: string, change: Partial<Call> = {}): Call => ({
  id,
  connection: "ring",
  external_id: id,
  session_id: null,
  started_at: at(10, 31),
  duration_seconds: 22,
  direction: "inbound",
  outcome: "missed",
  from: party("06-5550-0118"),
  to: party("03-5550-0100"),
  line: "Sales",
  people: [],
  customer: null,
  customer_count: 0,
  note: null,
  legs: [],
  same: [],
  ...change,
});

export const whereabouts = (change: Partial<Whereabouts> = {}): Whereabouts => ({
  person: "ring/1",
  now: [],
  next: null,
  is_name_shared: false,
  presence: null,
  read_at: at(10, 42),
  ...change,
});

export const colleague = (name: string, change: Partial<Colleague> = {}): Colleague => ({
  person: `ring/${name}`,
  name,
  reason: "rang",
  chats: [
    { connection: "ring", address: "1001" },
    { connection: "cam", address: `${name}@example.jp` },
  ],
  is_chat_clear: true,
  whereabouts: whereabouts(),
  ...change,
});

export const followUp = (id: string, change: Partial<FollowUp> = {}): FollowUp => ({
  call: call(id),
  calls: [id],
  state: "new",
  who: null,
  is_mine: false,
  at: null,
  closed_by: null,
  colleagues: [colleague("田中 健一")],
  message: null,
  ...change,
});

export const delivery = (id: string, state: Delivery["state"]): Delivery => ({
  id,
  draft: id,
  connection: "ring",
  to: { kind: "people", address: ["1001"] },
  text: "折り返しをお願いします",
  state,
  detail: "",
  problem: null,
  created_at: at(10, 35),
  settled_at: at(10, 36),
});
