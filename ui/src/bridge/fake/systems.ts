/** The four systems and the connections of the invented office. */
import type { About } from "../types/About";
import type { CheckUp } from "../types/CheckUp";
import type { ConnectionView } from "../types/ConnectionView";
import type { Credentials } from "../types/Credentials";
import type { NewConnection } from "../types/NewConnection";
import type { SignInAnswer } from "../types/SignInAnswer";
import { at, mode, problem, view } from "./switches";

const field = (
  key: string,
  is_secret: boolean,
  is_required = true,
  origin: About["fields"][number]["origin"] = "typed",
): About["fields"][number] => ({ key, is_secret, is_required, origin });

export const systems: About[] = [
  {
    id: "chat-and-messenger",
    name: "Chat&Messenger",
    mark: "square",
    url_example: "https://chat.example.jp/camserver/api",
    url_default: "",
    fields: [field("token", true), field("time-zone", false, false)],
    longest_text: null,
    grammar: "plain",
    messages_per_minute: null,
    messages_per_day: null,
    abilities: ["chat", "sealed_messages", "batches", "chat_rooms", "rooms", "quick_calls"],
    signs_in_by_browser: false,
    signs_in_by_password: false,
  },
  {
    id: "rocket-chat",
    name: "Rocket.Chat",
    mark: "circle",
    url_example: "https://rocket.example.jp",
    url_default: "",
    fields: [
      field("user-id", false, false, "typed_instead"),
      field("token", true, false, "typed_instead"),
      field("sign-in", true, false, "sign_in"),
      field("push", false, false),
    ],
    longest_text: 5_000,
    grammar: "single_marks",
    messages_per_minute: 10,
    messages_per_day: null,
    abilities: ["chat", "finds_sent", "attachments", "files", "listed_rooms", "people"],
    signs_in_by_browser: false,
    signs_in_by_password: true,
  },
  {
    id: "smart-connect",
    name: "SmartConnect",
    mark: "triangle",
    url_example: "http://192.168.10.20:55963",
    url_default: "",
    fields: [field("time-zone", false, false), field("push", false, false)],
    longest_text: null,
    grammar: "plain",
    messages_per_minute: null,
    messages_per_day: null,
    abilities: ["calls", "live_calls", "customers", "records"],
    signs_in_by_browser: false,
    signs_in_by_password: false,
  },
  {
    id: "ring-central",
    name: "RingCentral",
    mark: "diamond",
    url_example: "https://platform.ringcentral.com",
    url_default: "https://platform.ringcentral.com",
    fields: [
      field("client-id", false),
      field("jwt", true, false, "typed_instead"),
      field("client-secret", true, false),
      field("redirect-uri", false, false, "typed_for_sign_in"),
      field("directory", false, false),
      field("media-url", false, false),
      field("refresh-token", true, false, "sign_in"),
    ],
    longest_text: 10_000,
    grammar: "markdown",
    messages_per_minute: 40,
    messages_per_day: 2_500,
    abilities: ["calls", "live_calls", "chat", "files", "people"],
    signs_in_by_browser: true,
    signs_in_by_password: false,
  },
];

/** Read to the end, with nothing left out. */
const whole = { reading: null, limitations: [], not_understood: 0 } satisfies Partial<ConnectionView>;

const secret = (entry: string, key: string, is_kept = true): ConnectionView["secrets"][number] => ({
  key,
  entry: `frontdesk/${entry}/${key}`,
  is_kept,
});

function office(): ConnectionView[] {
  const broken = mode === "broken";
  // Connected while its server does not answer: nothing of it was ever read.
  const silent = broken || mode === "unread";
  return [
    {
      id: "cam-1",
      name: "Chat&Messenger",
      system: "chat-and-messenger",
      url: "https://chat.example.jp/camserver/api",
      settings: { "time-zone": "Asia/Tokyo" },
      state: silent ? "offline" : "ok",
      last_ok_at: mode === "unread" ? null : at(broken ? "9:58" : "10:42"),
      problem: silent ? problem("offline", "connection_lost") : null,
      is_plain_http: false,
      secrets: [secret("cam-1", "token")],
      ...whole,
    },
    {
      id: "rocket-1",
      name: "Rocket.Chat",
      system: "rocket-chat",
      url: "https://rocket.example.jp",
      settings: { "user-id": "rbAXPnMktTFbNpwtJ" },
      state: broken ? "troubled" : "live",
      last_ok_at: at("10:41"),
      problem: broken ? problem("surprise", "html_instead", "HTTP 502") : null,
      is_plain_http: false,
      secrets: [secret("rocket-1", "token"), secret("rocket-1", "sign-in", false)],
      ...whole,
    },
    {
      id: "cti-1",
      name: "SmartConnect",
      system: "smart-connect",
      url: "http://192.168.10.20:55963",
      settings: { "time-zone": "Asia/Tokyo" },
      state: "live",
      last_ok_at: at("10:42"),
      problem: null,
      is_plain_http: true,
      secrets: [],
      ...whole,
    },
    {
      id: "ring-1",
      name: "RingCentral",
      system: "ring-central",
      url: "https://platform.ringcentral.com",
      settings: { "client-id": "8fJ2qkV0RzS1mXn4" },
      state: broken ? "signed_out" : "limited",
      last_ok_at: at("10:39"),
      problem: broken
        ? problem("signed_out", "token_expired", "invalid_grant")
        : problem("slow_down", "limit_reached", "Heavy 10/60 s", 38),
      is_plain_http: false,
      secrets: [
        secret("ring-7c1e", "jwt", false),
        secret("ring-7c1e", "client-secret"),
        secret("ring-7c1e", "refresh-token", !broken),
      ],
      reading: broken ? null : { calls: 12_400, permille: 400, ends_at: at("11:05") },
      limitations: broken ? ["sign_in_not_kept"] : ["own_calls_only", "asked_not_pushed"],
      not_understood: broken ? 0 : 3,
    },
  ];
}

/** The connections now. */
export let connections: ConnectionView[] = mode === "empty" || view === "welcome" ? [] : office();

/** Makes one, or refuses as the program would. */
export function add(it: NewConnection): ConnectionView {
  const about = systems.find((system) => system.id === it.system);
  if (!about) throw problem("invalid", "no_such_thing", it.system);
  const url = (it.url || about.url_default).replace(/\/+$/, "");
  if (!/^https?:\/\/.+/.test(url)) throw problem("invalid", "bad_address", url);
  const missing = about.fields.find((f) => f.is_required && !(f.is_secret ? it.secrets[f.key] : it.settings[f.key]));
  if (missing) throw problem("invalid", "missing", missing.key);
  const isPlain = url.startsWith("http://") && !/^http:\/\/(localhost|127\.)/.test(url);
  if (isPlain && !it.allow_http) throw problem("invalid", "plain_http", new URL(url).host);
  const name = it.name || about.name;
  if (connections.some((other) => other.name.toLowerCase() === name.toLowerCase()))
    throw problem("invalid", "name_taken", name);
  const isSignedIn =
    !(about.signs_in_by_browser || about.signs_in_by_password) ||
    Object.keys(it.secrets).some((key) => key !== "client-secret");
  const id = `${about.id}-${connections.length + 1}`;
  const made: ConnectionView = {
    id,
    name,
    system: about.id,
    url,
    settings: it.settings,
    state: isSignedIn ? "ok" : "signed_out",
    last_ok_at: isSignedIn ? new Date().toISOString() : null,
    problem: isSignedIn ? null : problem("signed_out", "secret_missing"),
    is_plain_http: isPlain,
    secrets: about.fields.filter((f) => f.is_secret).map((f) => secret(id, f.key, Boolean(it.secrets[f.key]))),
    ...whole,
  };
  connections = [...connections, made];
  return made;
}

/** Changes one. */
export function change(id: string, with_: (it: ConnectionView) => ConnectionView): void {
  if (!connections.some((it) => it.id === id)) throw problem("invalid", "no_such_thing", id);
  connections = connections.map((it) => (it.id === id ? with_(it) : it));
}

/** Removes one. */
export function remove(id: string): void {
  connections = connections.filter((it) => it.id !== id);
}

/** How a person comes back from the browser, where one is waited for. */
let comesBack: ((isAllowed: boolean | null) => void) | null = null;
/** What a person said in the browser before anybody waited for it: the window asks a moment after the press. */
let early: boolean | null = null;

/** Waits for the browser; the connection as it is then, or nothing where it was given up. */
export async function signIn(id: string): Promise<ConnectionView | null> {
  comesBack?.(null);
  comesBack = null;
  const said = early;
  early = null;
  const isAllowed = said ?? (await new Promise<boolean | null>((resolve) => (comesBack = resolve)));
  if (isAllowed === null) return null;
  if (!isAllowed) throw problem("refused", "sign_in_declined");
  change(id, (it) => ({
    ...it,
    state: "ok",
    problem: null,
    limitations: it.limitations.filter((limitation) => limitation !== "sign_in_not_kept"),
    last_ok_at: new Date().toISOString(),
    secrets: it.secrets.map((s) => (s.key === "refresh-token" ? { ...s, is_kept: true } : s)),
  }));
  return connections.find((it) => it.id === id) ?? null;
}

/** The code that is right. */
const rightCode = "246810";

/** Signs in with a password: `wrong` is refused, and who is called `code` has to enter one. */
export function signInByPassword(id: string, given: Credentials): SignInAnswer {
  if (given.password === "wrong") throw problem("signed_out", "password_refused", "Unauthorized");
  if (given.user === "code" && given.code?.code !== rightCode) {
    const method = given.code?.method ?? "app";
    return { kind: "asks_code", code: { method, can_be_mailed: true, was_wrong: Boolean(given.code) } };
  }
  change(id, (it) => ({
    ...it,
    settings: { ...it.settings, "user-id": "rbAXPnMktTFbNpwtJ" },
    state: "ok",
    problem: null,
    last_ok_at: new Date().toISOString(),
    secrets: it.secrets.map((s) => (s.key === "sign-in" ? { ...s, is_kept: true } : s)),
  }));
  const connection = connections.find((it) => it.id === id);
  if (!connection) throw problem("invalid", "no_such_thing", id);
  return { kind: "signed_in", connection };
}

/** The person allows it in the browser, says no, or gives it up. */
export function comeBack(isAllowed: boolean | null): void {
  if (comesBack === null) early = isAllowed;
  comesBack?.(isAllowed);
  comesBack = null;
}

/** What a test finds. */
export function test(id: string): CheckUp {
  const it = connections.find((other) => other.id === id);
  if (!it) throw problem("invalid", "no_such_thing", id);
  const step = (what: CheckUp["steps"][number]["what"], found: string): CheckUp["steps"][number] => ({
    what,
    found,
    problem: null,
  });
  const now = new Date().toISOString();
  if (it.state === "signed_out")
    return {
      at: now,
      signed_in_as: null,
      steps: [step("reached", "184 ms"), { what: "signed_in", found: "", problem: it.problem }],
    };
  switch (it.system) {
    case "ring-central":
      return {
        at: now,
        signed_in_as: "Misaki Sato",
        steps: [
          step("reached", "184 ms"),
          step("signed_in", "Misaki Sato · ext. 100"),
          step("read_calls", "ReadCallLog"),
          step("send_messages", "TeamMessaging"),
          step("read_people", "ReadAccounts · 24"),
          { what: "live_calls", found: "", problem: problem("refused", "no_permission", "SubscriptionWebhook") },
        ],
      };
    case "smart-connect":
      return {
        at: now,
        signed_in_as: null,
        steps: [
          step("reached", "12 ms"),
          step("read_calls", "3,284"),
          step("read_customers", "1,190"),
          step("live_calls", ""),
        ],
      };
    case "rocket-chat":
      return {
        at: now,
        signed_in_as: "frontdesk-bot",
        steps: [
          step("reached", "8.8 · 61 ms"),
          step("signed_in", "frontdesk-bot"),
          step("send_messages", ""),
          step("read_people", "58"),
        ],
      };
    default:
      return {
        at: now,
        signed_in_as: null,
        steps: [step("reached", "95 ms"), step("signed_in", ""), step("read_rooms", "14")],
      };
  }
}
