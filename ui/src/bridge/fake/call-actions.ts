/** What can be done with the calls of the invented office: notes, joining, customers, recordings and files. */
import { everything } from "../everything";
import type { Call } from "../types/Call";
import type { CallBlock } from "../types/CallBlock";
import type { CallDetail } from "../types/CallDetail";
import type { CallExport } from "../types/CallExport";
import type { CallFilter } from "../types/CallFilter";
import type { CallNoted } from "../types/CallNoted";
import type { Customer } from "../types/Customer";
import type { CustomerAdded } from "../types/CustomerAdded";
import type { Exported } from "../types/Exported";
import type { ExportProgress } from "../types/ExportProgress";
import type { NewCustomer } from "../types/NewCustomer";
import type { Party } from "../types/Party";
import type { Table } from "../types/Table";
import type { UnknownCaller } from "../types/UnknownCaller";
import * as calls from "./calls";
import { at, mode, problem } from "./switches";

type Args = Record<string, unknown>;
type Changed = (...tables: Table[]) => void;

const FOLDER = "C:\\Users\\misaki\\Downloads";
/** Records of one call begin at most this far apart, in milliseconds. */
const BESIDE = 180_000;
/** Steps of a file that is written, and milliseconds between two. */
const STEPS = 40;
const STEP = 50;

const notes = new Map<string, string | null>();
const joined = new Map<string, Call[]>();
const separated = new Set<string>();
const told = new Set<string>();
let isCancelled = false;

/** Whether this is the first time that something is asked for. */
function isFirst(what: string): boolean {
  const is = !told.has(what);
  told.add(what);
  return is;
}

const sameOf = (it: Call, isByHand: boolean): Call["same"][number] => ({
  id: it.id,
  connection: it.connection,
  started_at: it.started_at,
  outcome: it.outcome,
  line: it.line,
  is_by_hand: isByHand,
});

/** A call with everything that was done to it. */
function after(call: Call): Call {
  const by = (joined.get(call.id) ?? []).map((it) => sameOf(it, true));
  const same = [...call.same.filter((it) => !by.some((other) => other.id === it.id)), ...by];
  const note = notes.get(call.id);
  return {
    ...call,
    note: note === undefined ? call.note : note,
    same: same.filter((it) => !separated.has(`${call.id} ${it.id}`)),
  };
}

function show(id: string): CallDetail {
  const detail = calls.show(id);
  const call = after(detail.call);
  return {
    ...detail,
    call,
    last_calls: detail.last_calls.map((it) => ({
      ...it,
      note: notes.has(it.id) ? (notes.get(it.id) ?? null) : it.note,
    })),
    note_kept_by: call.connection === "cti-1" ? "cti-1" : null,
    has_recording: call.connection === "ring-1" && (call.outcome === "answered" || call.outcome === "voicemail"),
    same_raw: call.same.map((it) => ({
      connection: it.connection,
      raw: `{"ID":"${it.id.split("/")[1] ?? ""}","着信日時":"2026/10/14 10:31:02","着信番号":"0655500118","備考":""}`,
    })),
  };
}

function note(id: string, text: string): CallNoted {
  const was = show(id).call.note;
  if (was === "9:40 折り返し済み" && isFirst(`note ${id}`)) {
    notes.set(id, "9:45 鈴木さんが対応中");
    const field = {
      name: "備考",
      seen: JSON.stringify(was),
      now: '"9:45 鈴木さんが対応中"',
      wanted: JSON.stringify(text),
    };
    return { conflict: { now: '{"備考":"9:45 鈴木さんが対応中"}', fields: [field] } };
  }
  if (was === "営業電話、取次不要" && isFirst(`note ${id}`)) throw problem("unknown_outcome", "outcome_unknown");
  notes.set(id, text === "" ? null : text);
  return { done: show(id).call };
}

function beside(id: string): Call[] {
  const { call } = show(id);
  if (call.started_at === null) return [];
  const start = Date.parse(call.started_at);
  const from = new Date(start - BESIDE).toISOString();
  const to = new Date(start + BESIDE + 1).toISOString();
  const taken = [call.connection, ...call.same.map((it) => it.connection)];
  return calls
    .search({ ...everything, from, to })
    .filter((it) => !taken.includes(it.connection) && !separated.has(`${id} ${it.id}`))
    .map(after);
}

const party = (raw: string, name: string | null = null, location: string | null = null): Party => ({
  raw,
  e164: null,
  name,
  location,
  shown: raw,
});
const caller = (them: Party, count: number, missed: number, last_at: string): UnknownCaller => ({
  party: them,
  calls: count,
  missed,
  last_at,
});
const unknown: UnknownCaller[] = [
  caller(party("0120-555-019"), 41, 3, at("9:36")),
  caller(party("090-5550-0187"), 12, 9, at("10:02")),
  caller(party("03-5550-0199", "HIBIYA CLINIC", "東京"), 9, 0, at("16:20", 2)),
  caller(party("080-5550-0133"), 6, 2, at("11:05", 3)),
  caller(party("+1 415 555 0102", "Wireless Caller", "San Francisco, CA"), 4, 4, at("8:58", 9)),
];
let added: string[] = [];

const known: Customer = {
  id: "cti-1/1207",
  connection: "cti-1",
  external_id: "1207",
  name: "日比谷クリニック",
  kana: "ヒビヤクリニック",
  company: "医療法人 日比谷会",
  numbers: [party("03-5550-0199")],
  email: null,
  address: null,
  note: null,
};

function add(it: NewCustomer): CustomerAdded {
  const [number = ""] = it.numbers;
  if (number === "03-5550-0199") return { type: "known", customers: [known] };
  if (number === "0120-555-019" && isFirst("add"))
    return { type: "failed", problem: problem("refused", "system_refused", "登録できない文字が含まれています") };
  if (number === "080-5550-0133") return { type: "failed", problem: problem("unknown_outcome", "outcome_unknown") };
  added = [...added, number];
  const { name, kana, company, email, address, note: remarks } = it;
  const numbers = it.numbers.map((raw) => party(raw));
  const id = `cti-1/${1300 + added.length}`;
  const about = { name, kana, company, numbers, email, address, note: remarks };
  return { type: "done", customer: { id, connection: "cti-1", external_id: String(1300 + added.length), ...about } };
}

async function write(request: CallExport, onProgress: (it: ExportProgress) => void): Promise<Exported | null> {
  isCancelled = false;
  const total = calls.search(request.filter).length;
  if (request.name.includes("full")) throw problem("refused", "store_broken", "There is not enough space on the disk.");
  for (let step = 1; step <= STEPS; step += 1) {
    await new Promise((resolve) => setTimeout(resolve, STEP));
    // It can be cancelled while it waits.
    if (isCancelled as boolean) return null;
    onProgress({ rows: Math.round((total * step) / STEPS), total });
  }
  const ending = request.format === "csv" ? ".csv" : ".xlsx";
  const replaced = request.format === "csv" && request.encoding === "cp932" ? 38 : 0;
  return { rows: total, file: `${FOLDER}\\${request.name}${ending}`, replaced };
}

/** The commands; `changed` tells that a table changed. */
export const commands = (changed: Changed): Record<string, (args: Args) => unknown> => ({
  calls_block: (args) => {
    const block: CallBlock = calls.block(args["filter"] as CallFilter, args["block"] as number);
    return { ...block, calls: block.calls.map(after) };
  },
  call_show: (args) => show(args["id"] as string),
  call_note: (args) => {
    const noted = note(args["id"] as string, args["text"] as string);
    changed("calls");
    return noted;
  },
  calls_beside: (args) => beside(args["id"] as string),
  call_join: (args) => {
    const [id, other] = [args["id"] as string, args["other"] as string];
    separated.delete(`${id} ${other}`);
    const them = calls.search(everything).find((it) => it.id === other);
    if (them) joined.set(id, [...(joined.get(id) ?? []), them]);
    changed("calls");
    return show(id).call;
  },
  call_separate: (args) => {
    const [id, other] = [args["id"] as string, args["other"] as string];
    separated.add(`${id} ${other}`);
    joined.set(
      id,
      (joined.get(id) ?? []).filter((it) => it.id !== other),
    );
    changed("calls");
    return show(id).call;
  },
  callers_unknown: () => {
    if (mode === "broken") throw problem("refused", "store_broken", "disk I/O error");
    return mode === "empty" ? [] : unknown.filter((it) => !added.includes(it.party.raw));
  },
  customers_find: () => [known],
  customers_add: (args) => {
    const results = (args["customers"] as NewCustomer[]).map(add);
    changed("customers");
    return results;
  },
  export_folder: () => FOLDER,
  calls_export: (args) => write(args["export"] as CallExport, args["onProgress"] as (progress: ExportProgress) => void),
  calls_export_cancel: () => {
    isCancelled = true;
    return null;
  },
  export_reveal: () => null,
  recording_save: (args) => {
    const { call } = show(args["id"] as string);
    if (call.outcome === "voicemail") throw problem("refused", "no_permission", "ReadCallRecording");
    return `${FOLDER}\\${call.external_id}.mp3`;
  },
});
