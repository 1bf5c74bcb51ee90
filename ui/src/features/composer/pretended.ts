/** A pretended program for the tests of the composer: what it is handed, its ledger, and what it refuses. */
import type { About } from "../../bridge/types/About";
import type { ConnectionView } from "../../bridge/types/ConnectionView";
import type { Delivery } from "../../bridge/types/Delivery";
import type { Draft } from "../../bridge/types/Draft";
import type { Problem } from "../../bridge/types/Problem";
import type { Composer } from "./composer.svelte";
import type { Target } from "./draft";

const NOT_USABLE: Problem = { code: "invalid", reason: "not_usable", words: "bad", message: "", wait_seconds: null };

/** How the program stands. */
export const program = {
  sent: [] as Draft[],
  tests: [] as Draft[],
  ledger: [] as Delivery[],
  drafts: 0,
  refusal: null as Problem | null,
  /** An answer to the next question for an id that comes when the test says so. */
  held: null as Promise<string> | null,
};

/** Begins anew. */
export function reset(): void {
  Object.assign(program, { sent: [], tests: [], ledger: [], refusal: null, held: null });
}

/** Its commands. */
export const commands = {
  draftNew: () => program.held ?? Promise.resolve(`draft-${++program.drafts}`),
  outboxAddAll: (drafts: Draft[]) => {
    const { refusal } = program;
    if (refusal) return Promise.reject(Object.assign(new Error(refusal.message), refusal));
    const bad = drafts.filter((it) => [it.to.address].flat().includes("bad"));
    if (bad.length > 0)
      return Promise.resolve({
        deliveries: [],
        refused: bad.map((it) => ({ connection: it.connection, to: it.to, problem: NOT_USABLE })),
      });
    return Promise.resolve({ deliveries: drafts.map(take), refused: [] });
  },
  outboxTest: (drafts: Draft[]) => {
    program.tests.push(...drafts);
    return Promise.resolve({ deliveries: [], refused: [] });
  },
  deliveriesOf: (id: string) => Promise.resolve(program.ledger.filter((it) => it.draft.startsWith(`${id}-`))),
  deliveriesList: () => Promise.resolve(program.ledger),
  destinationsFind: (_: string, text: string) =>
    Promise.resolve(
      [{ address: "a@x.jp", name: "田中 健一", kind: "person", detail: "" }].filter((it) => it.address === text),
    ),
  connectionsList: () => Promise.resolve([]),
  appStart: () => Promise.resolve({ systems: [], connections: [] }),
};

const deliveryOf = (draft: Draft, state: Delivery["state"]): Delivery => ({
  id: draft.id,
  draft: draft.id,
  connection: draft.connection,
  to: draft.to,
  text: draft.text,
  state,
  detail: "",
  problem: null,
  created_at: "2026-10-14T01:42:00.000Z",
  settled_at: null,
});

/** One draft and one recipient are one delivery, however often they come. */
function take(draft: Draft): Delivery {
  const id = `${draft.id}-${draft.connection}-${draft.to.kind}-${[draft.to.address].flat().join()}`;
  const known = program.ledger.find((it) => it.draft === id);
  if (known) return known;
  program.sent.push(draft);
  const delivery = deliveryOf({ ...draft, id }, "waiting");
  program.ledger = [delivery, ...program.ledger];
  return delivery;
}

const about = (id: string, abilities: About["abilities"]): About => ({
  id,
  name: id,
  mark: "square",
  url_example: "",
  url_default: "",
  fields: [],
  longest_text: null,
  grammar: "plain",
  messages_per_minute: null,
  messages_per_day: null,
  abilities,
  signs_in_by_browser: false,
  signs_in_by_password: false,
});

const connection = (id: string, system: string): ConnectionView => ({
  id,
  name: id,
  system,
  url: "",
  settings: {},
  state: "ok",
  last_ok_at: null,
  problem: null,
  is_plain_http: false,
  secrets: [],
  reading: null,
  limitations: [],
  not_understood: 0,
});

/** A recipient. */
export const target = (connection: string, address: string, part: Partial<Target> = {}): Target => ({
  connection,
  kind: "person",
  address,
  name: address,
  isKnown: true,
  reason: "typed",
  ...part,
});

/** What can be connected, and what is. */
export const systems = [about("letters", ["chat", "sealed_messages"]), about("cards", ["chat", "attachments"])];
export const connections = [connection("one", "letters"), connection("two", "cards")];

/** A composer with a message to one person in it. */
export async function written(composer: Composer): Promise<Composer> {
  await composer.start();
  composer.add([target("one", "a@x.jp")]);
  composer.change({ text: "折り返しをお願いします" });
  return composer;
}

/** What waits becomes this, and the composer hears of it. */
export async function settle(composer: Composer, state: Delivery["state"]): Promise<void> {
  program.ledger = program.ledger.map((it) => (it.state === "waiting" ? { ...it, state } : it));
  await composer.read();
}
