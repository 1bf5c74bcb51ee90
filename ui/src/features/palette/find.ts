/** What the jump field finds for a text: people, customers, calls, bookings, connections, and what can be done. */
import { asked } from "../../asked.svelte";
import { callsBlock, customersFind, peopleList, roomBoard } from "../../bridge/commands";
import { everything } from "../../bridge/everything";
import type { About } from "../../bridge/types/About";
import type { Call } from "../../bridge/types/Call";
import { begun, callerName, callerNumber, colleagues } from "../../call-words";
import { reachNow } from "../../chat-reach";
import { composing } from "../../composing.svelte";
import { fold } from "../../format/fold";
import { clock } from "../../format/time";
import { language, m } from "../../i18n";
import { live } from "../../live.svelte";
import { shownCombo, type KeyAction } from "../../parts/keys";
import { toasts } from "../../parts/toast.svelte";
import { peopleAsked } from "../../people-asked.svelte";
import { roomsAsked } from "../../rooms-asked.svelte";

/** Kinds of what is found, in the order in which they stand. */
export const KINDS = ["recent", "people", "customers", "calls", "bookings", "connections", "do"] as const;
export type Kind = (typeof KINDS)[number];

/** One line of the list. */
export interface Found {
  /** Its own among all that can ever be found. */
  id: string;
  kind: Kind;
  text: string;
  /** After the text, in a quieter voice. */
  detail: string;
  /** At the end of the line. */
  end: string;
  /** Shapes of the systems that it is of. */
  marks: Pick<About, "mark" | "name">[];
  /** The key that does the same. */
  cap?: string;
  run: () => void | Promise<void>;
}

/** A kind with its lines, and how many there are in all. */
export interface Section {
  kind: Kind;
  lines: Found[];
  total: number;
}

/** Lines of one kind that are shown at once. */
const MOST = 4;

/** What a person typed: in everything, actions alone behind `>`, numbers alone behind `#`. */
export interface Query {
  text: string;
  only: "everything" | "actions" | "numbers";
}

export function queryOf(typed: string): Query {
  const [sign, rest] = [typed.trimStart().charAt(0), typed.trimStart().slice(1).trim()];
  if (sign === ">" || sign === "＞") return { text: rest, only: "actions" };
  if (sign === "#" || sign === "＃") return { text: rest, only: "numbers" };
  return { text: typed.trim(), only: "everything" };
}

const marksOf = (connections: readonly string[]): Found["marks"] =>
  live.systems
    .filter((system) => connections.some((id) => live.systemOf(id)?.id === system.id))
    .map(({ mark, name }) => ({ mark, name }));

async function people(text: string): Promise<Section> {
  const found = await peopleList(text);
  const lines = found.slice(0, MOST).map((it): Found => {
    const connections = it.identities.map((identity) => identity.connection);
    return {
      id: `person ${it.id}`,
      kind: "people",
      text: it.name,
      detail: it.email ?? "",
      end: it.extension === null ? "" : m.palette_extension({ number: it.extension }),
      marks: marksOf(connections),
      run: () => peopleAsked.show("people", it.email ?? it.name),
    };
  });
  const [first] = found;
  if (first && live.able("chat").length > 0)
    lines.splice(1, 0, {
      id: `message ${first.id}`,
      kind: "people",
      text: m.palette_message({ name: first.name }),
      detail: "",
      end: "",
      marks: [],
      run: async () => {
        const to = await reachNow(first);
        if (to) composing.begin(to);
        else toasts.notDone(m.palette_unreachable({ name: first.name }));
      },
    });
  return { kind: "people", lines, total: found.length };
}

async function customers(text: string): Promise<Section> {
  const found = await customersFind(text);
  const lines = found.slice(0, MOST).map((it): Found => ({
    id: `customer ${it.id}`,
    kind: "customers",
    text: it.name,
    detail: [it.kana, it.company].filter((part) => part).join(" · "),
    end: it.numbers[0]?.shown ?? "",
    marks: marksOf([it.connection]),
    run: () => peopleAsked.show("customers", it.numbers[0]?.raw ?? it.name),
  }));
  return { kind: "customers", lines, total: found.length };
}

function callLine(it: Call, now: Date): Found {
  const at = begun(it, now, language.current);
  const { names } = colleagues(it);
  const arrow = it.direction === "outbound" ? "←" : "→";
  return {
    id: `call ${it.id}`,
    kind: "calls",
    text: `${at.day} ${at.time} ${callerName(it).text}`.trim(),
    detail: names.length > 0 ? `${arrow} ${names.join(" ")}` : "",
    end: callerNumber(it) === "–" ? "" : callerNumber(it),
    marks: marksOf([it.connection]),
    run: () => {
      asked.to = { what: "call", id: it.id };
      window.location.hash = "/calls";
    },
  };
}

async function calls(search: string, now: Date): Promise<Section> {
  const found = await callsBlock({ ...everything, search }, 0);
  return { kind: "calls", lines: found.calls.slice(0, MOST - 1).map((it) => callLine(it, now)), total: found.total };
}

async function bookings(text: string, now: Date): Promise<Section> {
  const wanted = fold(text);
  const day = new Intl.DateTimeFormat("en-CA", { dateStyle: "short" }).format(now);
  const board = await roomBoard(day);
  const rooms = new Map(board.rooms.map((it) => [it.id, it.name]));
  const found = board.reservations.filter((it) =>
    [it.title, it.owner, rooms.get(it.room_id), ...it.people].some((part) => part && fold(part).includes(wanted)),
  );
  const lines = found.slice(0, MOST - 1).map((it): Found => ({
    id: `booking ${it.id}`,
    kind: "bookings",
    text: `${clock(it.start)}–${clock(it.end)} ${it.title}`,
    detail: rooms.get(it.room_id) ?? "",
    end: it.owner ?? "",
    marks: marksOf([it.connection]),
    run: () => {
      roomsAsked.asked = { day, room: it.room_id, at: Date.parse(it.start) };
      window.location.hash = "/rooms";
    },
  }));
  return { kind: "bookings", lines, total: found.length };
}

function connections(text: string): Section {
  const wanted = fold(text);
  const found = live.connections.filter((it) => fold(it.name).includes(wanted));
  const lines = found.map((it): Found => ({
    id: `connection ${it.id}`,
    kind: "connections",
    text: it.name,
    detail: it.url.replace(/^https?:\/\//, ""),
    end: "",
    marks: marksOf([it.id]),
    run: () => void (window.location.hash = "/connections"),
  }));
  return { kind: "connections", lines, total: found.length };
}

/** What can be done now, by the words that say so. Keys that mean another thing each are not among it. */
export function actions(text: string, all: readonly KeyAction[]): Section {
  const wanted = fold(text);
  const lines = all
    .filter((it) => it.run !== undefined && it.run.length === 0 && fold(it.label).includes(wanted))
    .map((it): Found => {
      const [combo] = it.combos;
      return {
        id: `do ${it.label}`,
        kind: "do",
        text: it.label,
        detail: "",
        end: "",
        marks: [],
        ...(combo === undefined ? {} : { cap: shownCombo(combo) }),
        run: () => it.run?.(new KeyboardEvent("keydown")),
      };
    });
  return { kind: "do", lines, total: lines.length };
}

/** Everything that a text finds, kinds without any left out. A list that cannot be read is left out too. */
export async function find(query: Query, all: readonly KeyAction[], now: Date): Promise<Section[]> {
  const { text, only } = query;
  const done = actions(text, all);
  if (only === "actions" || text === "") return done.lines.length > 0 ? [done] : [];
  const able = (ability: Parameters<typeof live.able>[0]): boolean => live.able(ability).length > 0;
  const asks: Promise<Section>[] = [];
  if (only === "everything" && able("people")) asks.push(people(text));
  if (able("customers")) asks.push(customers(text));
  if (able("calls")) asks.push(calls(text, now));
  if (only === "everything" && able("rooms")) asks.push(bookings(text, now));
  const answers = await Promise.allSettled(asks);
  const found = answers.flatMap((it) => (it.status === "fulfilled" ? [it.value] : []));
  if (only === "everything") found.push(connections(text), done);
  return found.filter((it) => it.lines.length > 0);
}
