/** The program's commands over fixtures, for development in a browser and for the screen tests. */
import type { AppInfo } from "../types/AppInfo";
import type { ConnectionView } from "../types/ConnectionView";
import type { Credentials } from "../types/Credentials";
import type { Delivery } from "../types/Delivery";
import type { Event } from "../types/Event";
import type { Go } from "../types/Go";
import type { ListedRoom } from "../types/ListedRoom";
import type { NewListedRoom } from "../types/NewListedRoom";
import type { NewConnection } from "../types/NewConnection";
import type { Reach } from "../types/Reach";
import type { Settings } from "../types/Settings";
import type { Table } from "../types/Table";
import * as activity from "../fixtures/activity";
import * as bookings from "../fixtures/bookings";
import * as bulk from "../fixtures/bulk";
import * as changes from "../fixtures/changes";
import * as chatRooms from "../fixtures/chat-rooms";
import * as composer from "../fixtures/composer";
import * as customers from "../fixtures/customers";
import * as listed from "../fixtures/listed-rooms";
import * as people from "../fixtures/people";
import * as records from "../fixtures/records";
import * as roomOverlays from "../fixtures/room-overlays";
import * as roomReport from "../fixtures/room-report";
import * as rooms from "../fixtures/rooms";
import * as worklist from "../fixtures/worklist";
import * as callActions from "./call-actions";
import * as callLists from "./call-lists";
import * as calls from "./calls";
import * as connections from "./systems";
import { isDemo, isQuiet, isRebuilt, lang, mode, theme, view } from "./switches";

let settings: Settings = {
  language: lang,
  theme: theme === "dark" || theme === "light" ? theme : "light",
  who: "佐藤 美咲",
  is_welcomed: view !== "welcome",
  opens_at: 8,
  closes_at: 18,
  holidays: { is_japanese: true, closed: [] },
  call_columns: [],
  popup: { is_on: true, corner: "bottom_right", screen: "", seconds: 20, notifies: false },
  lines: [
    {
      line: "サポート",
      colour: 1,
      greeting: "お電話ありがとうございます。サポート窓口でございます",
      is_shown: true,
      from: 0,
      to: 24,
    },
    { line: "海外", colour: 2, greeting: "", is_shown: true, from: 0, to: 24 },
  ],
  lookup: "https://example.com/?q={number}",
  keys: { enter_popup: "Ctrl+Alt+P", look_up: "Ctrl+Alt+L" },
  changes_since: "evening",
  close_to_tray: false,
  start_hidden: false,
  messages: {
    me: [{ connection: "cam-1", to: { kind: "people", address: ["m.sato@example.jp"] } }],
    review_above: 20,
    review_room_above: 100,
    quiet: null,
  },
};
const info: AppInfo = {
  version: "0.1.0",
  is_demo: isDemo,
  keyring: "Windows Credential Manager",
  data_dir: "C:\\Users\\misaki\\AppData\\Roaming\\Frontdesk",
  platform: "windows",
  cache_was_rebuilt: isRebuilt,
};
const listeners = new Set<(event: Event) => void>();
/** Told before anybody listened: the program would have it in what it says first. */
const early: Event[] = [];
const tell = (event: Event): void => {
  if (listeners.size === 0) early.push(event);
  listeners.forEach((it) => it(event));
};
const changed = (...tables: Table[]): void => tell({ type: "changed", tables });
const connectionsChanged = (): void => tell({ type: "connections", connections: connections.connections });

/** Listens to what the fixtures tell. */
export function listen(listener: (event: Event) => void): void {
  listeners.add(listener);
  listener({ type: "snapshot", ringing: isQuiet ? [] : calls.ringing(), connections: connections.connections });
  early.splice(0).forEach(listener);
}

const followers = new Set<(to: Go) => void>();

/** Learns what the fixtures ask the main window to show. */
export function follow(listener: (to: Go) => void): void {
  followers.add(listener);
}

let reach: Reach = { has_tray: true, is_start_refused: false, enter_popup: "works", look_up: "works" };
const reachers = new Set<(reach: Reach) => void>();

/** Learns what the fixtures let the program do outside its windows. */
export function followReach(listener: (reach: Reach) => void): void {
  reachers.add(listener);
  listener(reach);
}

type Args = Record<string, unknown>;

/** What the shell was asked for, for the browser tests. */
const asked: [string, unknown][] = [];
function noted(command: string, value: unknown): null {
  asked.push([command, value]);
  return null;
}

const commands: Record<string, (args: Args) => unknown> = {
  app_start: () => ({ info, settings, systems: connections.systems, connections: connections.connections }),
  app_painted: () => null,
  app_print: () => {
    window.print();
    return null;
  },
  settings_get: () => settings,
  settings_set: (args) => {
    settings = args["settings"] as Settings;
    changed("settings");
    return null;
  },
  demo_start: () => null,
  demo_stop: () => null,
  connections_list: () => connections.connections,
  connection_add: (args) => {
    const made = connections.add(args["connection"] as NewConnection);
    connectionsChanged();
    return made;
  },
  connection_test: (args) => connections.test(args["id"] as string),
  connection_replace_secret: (args) => {
    connections.change(args["id"] as string, (it) => ({
      ...it,
      state: "ok",
      problem: null,
      last_ok_at: new Date().toISOString(),
      secrets: it.secrets.map((s) => (s.key === args["key"] ? { ...s, is_kept: true } : s)),
    }));
    connectionsChanged();
    return null;
  },
  connection_forget_secret: (args) => {
    connections.change(args["id"] as string, (it) => ({
      ...it,
      secrets: it.secrets.map((s) => (s.key === args["key"] ? { ...s, is_kept: false } : s)),
    }));
    connectionsChanged();
    return null;
  },
  connection_sign_in: async (args) => {
    const view = await connections.signIn(args["id"] as string);
    connectionsChanged();
    return view;
  },
  connection_sign_in_by_password: (args) => {
    const answer = connections.signInByPassword(args["id"] as string, args["given"] as Credentials);
    connectionsChanged();
    return answer;
  },
  connection_mail_code: () => null,
  connection_sign_in_cancel: () => {
    connections.comeBack(null);
    return null;
  },
  connection_remove: (args) => {
    connections.remove(args["id"] as string);
    connectionsChanged();
    return null;
  },
  sync_now: () => [],
  popup_show: (args) => noted("popup_show", args["height"]),
  call_notify: (args) => noted("call_notify", args),
  popup_hide: () => noted("popup_hide", null),
  popup_enter: () => noted("popup_enter", null),
  popup_drag: () => noted("popup_drag", null),
  popup_leave: () => noted("popup_leave", null),
  main_go: (args) => noted("main_go", args["to"]),
  connection_open_page: (args) => noted("connection_open_page", args["id"]),
  lookup_open: (args) => noted("lookup_open", args["number"]),
  ...callActions.commands(changed),
  ...callLists.commands,
  ...customers.commands,
  ...people.commands(changed),
  ...rooms.commands(changed),
  ...roomReport.commands,
  ...roomOverlays.commands(changed),
  ...activity.commands,
  ...changes.commands,
  ...chatRooms.commands(changed),
  ...composer.commands(changed, () => settings.messages.me),
  ...bulk.commands(changed, (drafts) => composer.test(drafts, settings.messages.me, changed)),
  ...records.commands(changed),
  listed_rooms: (args) => listed.list(args["connection"] as string),
  listed_room_people: (args) => listed.people(args["room"] as ListedRoom),
  listed_room_create: (args) => listed.create(args["connection"] as string, args["room"] as NewListedRoom),
  listed_room_rename: (args) => listed.rename(args["room"] as ListedRoom, args["name"] as string),
};
Object.assign(
  commands,
  worklist.commands(changed, (args) => commands["outbox_add"]?.(args) as Delivery),
  bookings.commands(changed, (args) => commands["outbox_add"]?.(args) as Delivery),
);
composer.whenSettled(worklist.settle);

const never = new Promise<never>(() => undefined);
const slow = [
  "calls_block",
  "call_show",
  "room_board",
  "room_calendar",
  "booking_changes",
  "follow_ups",
  "people_list",
  "customers_list",
  "chat_rooms_list",
  "records_read",
  "deliveries_list",
  "bulk_list",
];

/** Answers a command as the program would: never at once, failures as a rejected `Problem`. */
export async function fake(command: string, args: Args): Promise<unknown> {
  await Promise.resolve();
  if (mode === "loading" && slow.includes(command)) return never;
  // The console is not open yet: it answers nothing.
  if (mode === "opening") return never;
  const answer = commands[command];
  if (!answer) throw new Error(`the fixtures have no ${command}`);
  // Across the real bridge everything is copied, so that nobody shares an object with the program.
  return structuredClone(await answer(args)) ?? null;
}

declare global {
  interface Window {
    /** For the browser tests: lets a call come in, and a person come back from a sign-in. */
    frontdeskFake?: {
      ring: () => void;
      comeBack: (isAllowed: boolean) => void;
      /** Every connection to a system of this kind stands so from now on. */
      stand: (system: string, state: ConnectionView["state"]) => void;
      tell: (event: Event) => void;
      go: (to: Go) => void;
      reach: (part: Partial<Reach>) => void;
      missed: () => string;
      asked: [string, unknown][];
    };
  }
}
window.frontdeskFake = {
  ring: () => {
    calls.ring();
    changed("calls");
  },
  comeBack: connections.comeBack,
  stand: (system, state) => {
    for (const { id } of connections.connections.filter((it) => it.system === system))
      connections.change(id, (it) => ({ ...it, state }));
    connectionsChanged();
  },
  tell,
  missed: worklist.missed,
  go: (to) => followers.forEach((it) => it(to)),
  reach: (part) => {
    reach = { ...reach, ...part };
    reachers.forEach((it) => it(reach));
  },
  asked,
};
