/** The calls of the invented office: today as in the pictures, and a long past made from it. */
import { everything } from "../everything";
import type { Call } from "../types/Call";
import type { CallBlock } from "../types/CallBlock";
import type { CallDetail } from "../types/CallDetail";
import type { CallFilter } from "../types/CallFilter";
import type { CallPerson } from "../types/CallPerson";
import type { Customer } from "../types/Customer";
import type { Leg } from "../types/Leg";
import type { Outcome } from "../types/Outcome";
import { at, mode, problem } from "./switches";

const SIZE = 100;
const PAST = 214_860;

interface Line {
  time: string;
  outcome: Outcome;
  out?: boolean;
  system: "cti" | "ring";
  name?: string;
  company?: string;
  number: string;
  line: string;
  who?: string;
  seconds?: number;
  note?: string;
  many?: number;
  /** Another system that recorded the same call. */
  also?: "cti" | "ring";
}

// prettier-ignore
const today: Line[] = [
  { time: "10:42", outcome: "ringing", system: "cti", name: "山岸 恵子", company: "ひがし野製作所", number: "03-5550-0142", line: "代表", seconds: 7 },
  { time: "10:38", outcome: "answered", system: "cti", name: "黒田 亨", company: "南星物流 配車係", number: "03-5550-0171", line: "代表", who: "佐藤 美咲", seconds: 134, note: "配送日を 10/16 に変更" },
  { time: "10:31:04", outcome: "missed", system: "ring", name: "西村 彩", company: "北浜デザイン合同会社", number: "06-5550-0118", line: "営業", seconds: 22, also: "cti" },
  { time: "10:27", outcome: "answered", out: true, system: "ring", name: "Daniel Ashby", company: "Meridian Freight", number: "+12125550148", line: "海外", who: "鈴木 大輔", seconds: 400, note: "Customs papers by Friday" },
  { time: "10:22", outcome: "answered", system: "cti", name: "大野 修", company: "まるやま歯科クリニック", number: "03-5550-0164", line: "サポート", who: "渡辺 翔", seconds: 663, note: "ログイン不可 → 再設定" },
  { time: "10:19", outcome: "missed", system: "cti", number: "", line: "代表" },
  { time: "10:14", outcome: "voicemail", system: "ring", name: "Grace Holloway", company: "Harbour & Pine", number: "+442079460958", line: "海外", seconds: 41 },
  { time: "10:08", outcome: "answered", system: "cti", name: "川瀬 浩", company: "川瀬印刷", number: "03-5550-0126", line: "経理", who: "高橋 由美", seconds: 207, note: "請求書 9 月分 再送" },
  { time: "10:02", outcome: "missed", system: "cti", number: "090-5550-0187", line: "サポート" },
  { time: "9:58", outcome: "answered", system: "cti", name: "三宅 文", company: "つばめ会計事務所", number: "03-5550-0109", line: "経理", who: "高橋 由美", seconds: 312, note: "源泉徴収の件、折り返し" },
  { time: "9:55", outcome: "missed", out: true, system: "ring", name: "西村 彩", company: "北浜デザイン合同会社", number: "06-5550-0118", line: "営業", who: "田中 健一" },
  { time: "9:47", outcome: "answered", system: "ring", name: "이서연", company: "한빛무역", number: "+8225550133", line: "海外", who: "김민준", seconds: 501, note: "11월 납기 확인 요청" },
  { time: "9:40", outcome: "answered", out: true, system: "ring", name: "宮田 聡", company: "宮田建材", number: "03-5550-0155", line: "営業", who: "鈴木 大輔", seconds: 372, note: "見積 No. 2291 を再送" },
  { time: "9:36", outcome: "answered", system: "cti", number: "0120-555-019", line: "代表", who: "佐藤 美咲", seconds: 48, note: "営業電話、取次不要" },
  { time: "9:31", outcome: "missed", system: "cti", name: "大野 修", company: "まるやま歯科クリニック", number: "03-5550-0164", line: "サポート", who: "渡辺 翔" },
  { time: "9:26", outcome: "answered", system: "cti", name: "黒田 亨", company: "南星物流 配車係", number: "03-5550-0171", line: "大阪", who: "藤井 直子", seconds: 115, also: "ring" },
  { time: "9:19", outcome: "answered", system: "ring", name: "林 志豪", company: "福成電子", number: "+886255500162", line: "海外", who: "陳 怡君", seconds: 574, note: "樣品週五寄出" },
  { time: "9:12", outcome: "missed", system: "cti", name: "宮田 聡", company: "宮田建材", number: "03-5550-0155", line: "営業", who: "鈴木 大輔", note: "9:40 折り返し済み" },
  { time: "9:07", outcome: "refused", system: "ring", number: "", line: "海外" },
  { time: "9:03", outcome: "answered", system: "cti", name: "川瀬 浩", company: "川瀬印刷", number: "03-5550-0126", line: "代表", who: "佐藤 美咲", seconds: 80, note: "経理へ転送", many: 2 },
];

/** Numbers from abroad as the program shows them. */
const ABROAD: Record<string, string> = {
  "+12125550148": "+1 212-555-0148",
  "+442079460958": "+44 20 7946 0958",
  "+8225550133": "+82 2-555-0133",
  "+886255500162": "+886 2 5550 0162",
};

const e164 = (raw: string): string | null =>
  raw.startsWith("+") ? raw : raw.startsWith("0") ? `+81${raw.replaceAll("-", "").slice(1)}` : null;

function make(it: Line, index: number, started_at: string): Call {
  const connection = it.system === "cti" ? "cti-1" : "ring-1";
  const external_id = it.system === "cti" ? String(90_000 + PAST - index) : `Av${7_250_000_000_000 + PAST - index}`;
  const outside = {
    raw: it.number,
    e164: e164(it.number),
    name: null,
    location: null,
    shown: ABROAD[it.number] ?? it.number,
  };
  const inside = { raw: "03-5550-0100", e164: "+81355500100", name: it.line, location: null, shown: "03-5550-0100" };
  const people: CallPerson[] = it.who
    ? [
        {
          id: `ring-1/${it.who}`,
          name: it.who,
          email: null,
          system: "ring-central",
          external_id: "400131426008",
          role: it.outcome === "answered" ? "spoke" : "rang",
        },
      ]
    : [];
  const one = it.name && !it.many;
  return {
    id: `${connection}/${external_id}`,
    connection,
    external_id,
    session_id: null,
    started_at,
    duration_seconds: it.outcome === "missed" && it.system === "cti" ? null : (it.seconds ?? null),
    direction: it.out ? "outbound" : "inbound",
    outcome: it.outcome,
    from: it.out ? inside : outside,
    to: it.out ? outside : inside,
    line: it.line,
    people,
    customer: one ? { id: `cti-1/${it.number}`, name: it.name ?? "", company: it.company ?? null } : null,
    customer_count: it.many ?? (it.name ? 1 : 0),
    note: it.note ?? null,
    legs: [],
    same: it.also
      ? [
          {
            id: `${it.also}-1/also-${external_id}`,
            connection: `${it.also}-1`,
            started_at,
            outcome: it.outcome,
            line: it.line,
            is_by_hand: false,
          },
        ]
      : [],
  };
}

/** Times move on: a pretended past of one call about every nine office minutes. */
function past(index: number): Call {
  const template = today[1 + ((index * 7) % (today.length - 1))] ?? today[1];
  if (!template) throw new Error("the invented office has calls");
  const perDay = 52;
  const inDay = index % perDay;
  const minutes = 18 * 60 - inDay * 10;
  return make(template, index, at(`${Math.floor(minutes / 60)}:${minutes % 60}`, 1 + Math.floor(index / perDay)));
}

let edition = 1;
let fresh: Call[] = [];
const base = today.map((it, index) => make(it, index - today.length, at(it.time)));
const rowAt = (index: number): Call =>
  fresh[index] ?? base[index - fresh.length] ?? past(index - fresh.length - base.length);
const totalRows = (): number => (mode === "empty" ? 0 : fresh.length + base.length + PAST);

/** Puts a call on top, as if it had just begun. */
export function ring(): Call {
  const template = today[fresh.length % today.length];
  if (!template) throw new Error("the invented office has calls");
  const call = make({ ...template, outcome: "missed" }, -1_000 - fresh.length, new Date().toISOString());
  fresh = [call, ...fresh];
  edition += 1;
  return call;
}

/** What rings when the window opens. */
export const ringing = (): Call[] => (mode === "empty" ? [] : base.filter((it) => it.outcome === "ringing"));

const fold = (text: string): string => text.normalize("NFKC").toLowerCase().replaceAll(/[\s-]/g, "");

/** Whether a call fits everything of a filter but its days. */
function fits(call: Call, filter: CallFilter): boolean {
  const party = call.direction === "outbound" ? call.to : call.from;
  const at = [call.connection, ...call.same.map((it) => it.connection)];
  if (filter.connection !== null && !at.includes(filter.connection)) return false;
  if (filter.direction !== null && call.direction !== filter.direction) return false;
  if (filter.outcome !== null && call.outcome !== filter.outcome) return false;
  if (filter.number !== null && call.from.e164 !== filter.number && call.to.e164 !== filter.number) return false;
  if (filter.line !== null && call.line !== filter.line) return false;
  if (filter.person !== null && !call.people.some((it) => it.id === filter.person)) return false;
  if (filter.customer !== null && call.customer?.id !== filter.customer) return false;
  const caller = party.raw === "" ? "withheld" : call.customer_count > 0 ? "known" : "unknown";
  if (filter.caller !== null && caller !== filter.caller) return false;
  if (filter.search === "") return true;
  const words = [
    call.customer?.name,
    call.customer?.company,
    party.raw,
    party.e164,
    call.note,
    call.line,
    call.people[0]?.name,
  ];
  return words.some((it) => it && fold(it).includes(fold(filter.search)));
}

let found = new Map<string, Call[]>();
let foundOf = edition;

/** Every call that a filter finds, newest first. */
export function search(filter: CallFilter): Call[] {
  if (foundOf !== edition) found = new Map();
  foundOf = edition;
  const key = JSON.stringify(filter);
  const known = found.get(key);
  if (known) return known;
  const rows: Call[] = [];
  // The past is made of a few calls over and over, so that those which do not fit need not be made.
  const recent = fresh.length + base.length;
  const kinds = today.map((it, index) => index > 0 && fits(make(it, index, at(it.time)), filter));
  for (let index = 0; index < totalRows(); index += 1) {
    const kind = 1 + (((index - recent) * 7) % (today.length - 1));
    if (index >= recent && filter.from === null && !kinds[kind]) continue;
    const call = rowAt(index);
    const began = call.started_at ?? "";
    if (filter.from !== null && began < filter.from) break;
    if ((filter.to === null || began < filter.to) && fits(call, filter)) rows.push(call);
  }
  found.set(key, rows);
  return rows;
}

/** One block of the list. */
export function block(filter: CallFilter, number: number): CallBlock {
  if (mode === "broken") throw problem("refused", "store_broken", "disk I/O error");
  const isWhole = JSON.stringify(filter) === JSON.stringify(everything);
  const first_row = number * SIZE;
  if (!isWhole) {
    const rows = search(filter);
    return { edition, total: rows.length, first_row, calls: rows.slice(first_row, first_row + SIZE) };
  }
  const total = totalRows();
  const calls = Array.from({ length: Math.max(0, Math.min(SIZE, total - first_row)) }, (_, i) => rowAt(first_row + i));
  return { edition, total, first_row, calls };
}

const customer = (call: Call, name: string, company: string, kana: string | null): Customer => ({
  id: `cti-1/${call.from.raw}`,
  connection: "cti-1",
  external_id: "1042",
  name,
  kana,
  company,
  numbers: [
    call.direction === "outbound" ? call.to : call.from,
    { raw: "080-5550-0119", e164: "+818055500119", name: null, location: null, shown: "080-5550-0119" },
  ],
  email: null,
  address: "大阪市中央区北浜 1-1-27",
  note: "納品は水曜午前。領収書は PDF で",
});

function legs(call: Call): Leg[] {
  if (call.outcome === "ringing" || call.started_at === null) return [];
  const start = Date.parse(call.started_at);
  const leg = (after: number, seconds: number, name: string, outcome: Outcome, kind: string): Leg => ({
    started_at: new Date(start + after * 1000).toISOString(),
    duration_seconds: seconds,
    name,
    outcome,
    extension_id: null,
    kind,
    is_master: after === 0,
  });
  if (call.outcome === "missed")
    return [
      leg(0, 5, "音声案内", "answered", "Menu"),
      leg(5, 17, "営業グループ", "missed", "Queue"),
      leg(5, 9, "田中 健一", "missed", "FindMe"),
      leg(14, 7, "鈴木 大輔", "missed", "FindMe"),
    ];
  return [
    leg(0, 6, call.line ?? "", "answered", "Queue"),
    leg(6, call.duration_seconds ?? 60, call.people[0]?.name ?? "", call.outcome, "Accept"),
  ];
}

/** Everything of one call. */
export function show(id: string): CallDetail {
  const all = search(everything);
  const call = all.find((it) => it.id === id);
  if (!call) throw problem("invalid", "no_such_thing", id);
  const party = call.direction === "outbound" ? call.to : call.from;
  const kana = party.raw === "06-5550-0118" ? "ニシムラ アヤ" : null;
  const customers =
    call.customer_count > 1
      ? [
          customer(call, "川瀬 浩", "川瀬印刷", "カワセ ヒロシ"),
          { ...customer(call, "川瀬 芳江", "川瀬印刷 経理", null), id: "cti-1/1188", external_id: "1188" },
        ]
      : call.customer
        ? [customer(call, call.customer.name, call.customer.company ?? "", kana)]
        : [];
  const same = (it: Call): boolean =>
    it.id !== id && party.e164 !== null && (it.from.e164 === party.e164 || it.to.e164 === party.e164);
  return {
    call: { ...call, legs: legs(call) },
    raw: `{"uri":"https://platform.ringcentral.com/restapi/v1.0/account/~/call-log/${call.external_id}","id":"${call.external_id}","sessionId":"7250000000000004123","startTime":"${call.started_at ?? ""}","duration":${call.duration_seconds ?? 0},"type":"Voice","direction":"Inbound","result":"Missed","internalId":9007199254740993}`,
    customers,
    last_calls: all.filter(same).slice(0, 5),
    calls_with_number: all.filter(same).length + 1,
    same_raw: [],
    note_kept_by: null,
    has_recording: false,
  };
}
