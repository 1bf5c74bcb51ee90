import { beforeEach, describe, expect, it, vi } from "vitest";
import {
  destinationsFind,
  peopleHealth,
  peopleLink,
  peopleList,
  peoplePutBack,
  peopleSeparate,
} from "../../bridge/commands";
import type { ConnectionView } from "../../bridge/types/ConnectionView";
import type { Identity } from "../../bridge/types/Identity";
import type { LinkedPerson } from "../../bridge/types/LinkedPerson";
import type { PeopleHealth } from "../../bridge/types/PeopleHealth";
import type { PersonSaid } from "../../bridge/types/PersonSaid";
import { toasts } from "../../parts/toast.svelte";
import { link, pairOf } from "./decisions";
import { because, knownIn, maybeWhere, spoken } from "./facts";
import { entriesOf, Health } from "./health.svelte";
import { People } from "./people.svelte";
import { reach } from "../../chat-reach";

vi.mock("../../bridge/commands", () => ({
  destinationsFind: vi.fn(),
  peopleHealth: vi.fn(),
  peopleLink: vi.fn(),
  peopleList: vi.fn(),
  peoplePutAside: vi.fn(),
  peoplePutBack: vi.fn(),
  peopleSeparate: vi.fn(),
  presencesRead: vi.fn(),
}));

function identity(connection: string, external_id: string, more: Partial<Identity> = {}): Identity {
  return {
    id: `${connection}/${external_id}`,
    connection,
    system: connection,
    external_id,
    name: external_id,
    email: null,
    username: null,
    kind: "user",
    is_active: true,
    reason: null,
    since: null,
    ...more,
  };
}

function person(name: string, ...identities: Identity[]): LinkedPerson {
  return {
    id: identities[0]?.id ?? name,
    name,
    email: null,
    extension: null,
    numbers: [],
    presence: null,
    identities,
  };
}

const none: PeopleHealth = { maybe: [], unmatched: [], guests: [], gone: [], put_aside: [] };
const tanaka = person("田中", identity("rocket", "a"));
const other = person("田中 健一", identity("ring", "b"));
const health: PeopleHealth = { ...none, maybe: [{ one: tanaka, other, reason: "same_name" }] };
const said: PersonSaid[] = [{ one: "rocket/a", other: "ring/b", is_same: null, at: null }];

beforeEach(() => {
  vi.resetAllMocks();
  toasts.shown = [];
});

describe("what a system knows of a person", () => {
  const linked = person(
    "佐藤",
    identity("rocket", "c"),
    identity("ring", "d", { is_active: false, reason: "same_email" }),
  );
  const maybe = maybeWhere(health);

  it("is linked, out of use, maybe or nothing", () => {
    expect(knownIn(linked, "rocket")).toBe("linked");
    expect(knownIn(linked, "ring")).toBe("out_of_use");
    expect(knownIn(tanaka, "rocket", maybe.get(tanaka.id))).toBe("known");
    expect(knownIn(tanaka, "ring", maybe.get(tanaka.id))).toBe("maybe");
    expect(knownIn(tanaka, "ring")).toBe("absent");
  });

  it("is read out with its system", () => {
    const systems = [
      { id: "rocket", name: "Rocket" },
      { id: "ring", name: "Ring" },
    ];
    expect(spoken(linked, systems)).toBe("佐藤, Rocket: linked, Ring: out of use");
  });

  it("has its reason and the day since when", () => {
    const it = identity("ring", "d", { reason: "by_hand", since: "2026-09-11T00:00:00Z" });
    expect(because(it, false, new Date("2026-10-14T00:00:00Z"), "en").text).toBe("linked by hand, since 11 Sept");
    expect(because({ ...it, since: null }, false, new Date(), "en").text).toBe("linked by hand");
    expect(because({ ...it, reason: null }, false, new Date(), "en").text).toBe("named by this one");
  });
});

describe("people", () => {
  it("show the last answer only, by name, and keep who was chosen when another id names them", async () => {
    const people = new People(() => "en");
    let answerLate: (people: LinkedPerson[]) => void = () => undefined;
    const late = new Promise<LinkedPerson[]>((resolve) => (answerLate = resolve));
    vi.mocked(peopleHealth).mockResolvedValue(none);
    vi.mocked(peopleList).mockReturnValueOnce(late).mockResolvedValueOnce([other, tanaka]);
    const first = people.read();
    await people.read();
    answerLate([]);
    await first;
    expect(people.shown.map((it) => it.name)).toEqual(["田中", "田中 健一"]);
    people.move(1);
    const both = person("田中", identity("rocket", "a"), identity("ring", "b"));
    vi.mocked(peopleList).mockResolvedValueOnce([person("A", identity("ring", "z")), both]);
    await people.read();
    expect(people.current?.name).toBe("田中");
    people.isLinkedOnly = true;
    expect(people.shown).toEqual([both]);
  });
});

describe("a health list", () => {
  it("acts on the chosen pairs, else on the row of the keyboard, and forgets the choice when it is done", async () => {
    const lists = new Health(() => health);
    vi.mocked(peopleSeparate).mockResolvedValue(said);
    await lists.separate();
    expect(peopleSeparate).toHaveBeenCalledWith([{ one: "rocket/a", other: "ring/b" }]);
    const [entry] = entriesOf(health, "maybe");
    if (entry) lists.toggle(entry);
    expect(lists.chosen).toHaveLength(1);
    vi.mocked(peopleLink).mockRejectedValueOnce({ code: "refused", reason: "store_broken", words: "", message: "" });
    await lists.link();
    expect(lists.problem?.reason).toBe("store_broken");
    expect(lists.chosen, "what failed can be tried again").toHaveLength(1);
    vi.mocked(peopleLink).mockResolvedValueOnce(said);
    await lists.link();
    expect([lists.problem, lists.chosen.length]).toEqual([null, 0]);
  });

  it("takes back exactly what was said before, and says where that was not possible", async () => {
    vi.mocked(peopleLink).mockResolvedValue(said);
    await link([{ one: "rocket/a", other: "ring/b" }]);
    vi.mocked(peoplePutBack).mockRejectedValueOnce(new Error("gone"));
    expect(toasts.undoLast()).toBe(true);
    expect(peoplePutBack).toHaveBeenCalledWith(said);
    await vi.waitFor(() => expect(toasts.shown.some((it) => it.isNotDone)).toBe(true));
  });

  it("pairs two of different systems only", () => {
    expect(pairOf(tanaka, other)).toEqual({ one: "rocket/a", other: "ring/b" });
    expect(pairOf(tanaka, person("x", identity("rocket", "y")))).toBeNull();
  });
});

describe("a message", () => {
  const chat = (id: string): ConnectionView => ({ id }) as ConnectionView;
  const chats = [chat("open"), chat("rocket"), chat("ring")];
  const lists = new Set(["rocket", "ring"]);
  const phones = new Set(["ring"]);
  const both = person("田中", identity("rocket", "a", { username: "t.kenichi" }), identity("ring", "62264425008"));

  it("goes by the system that carries their calls, by the id it has of them", async () => {
    vi.mocked(destinationsFind).mockImplementation((connection, text) =>
      Promise.resolve([{ address: text, name: connection, kind: "person", detail: "" }]),
    );
    const asked = { connection: "ring", address: "62264425008", name: "田中", isKnown: true };
    expect(await reach(both, chats, phones, lists)).toEqual(asked);
  });

  it("goes by another system that has them where the first has not, and by the address where none has", async () => {
    vi.mocked(destinationsFind).mockImplementation((connection, text) =>
      Promise.resolve(
        connection === "rocket" && text === "t.kenichi"
          ? [{ address: "t.kenichi", name: "田中", kind: "person", detail: "" }]
          : [],
      ),
    );
    expect((await reach(both, chats, phones, lists))?.connection).toBe("rocket");
    vi.mocked(destinationsFind).mockResolvedValue([]);
    const addressed = { ...both, email: "t.kenichi@example.jp" };
    const asked = { connection: "open", address: "t.kenichi@example.jp", name: "田中", isKnown: false };
    expect(await reach(addressed, chats, phones, lists)).toEqual(asked);
    expect(await reach(both, chats, phones, lists)).toBeNull();
  });
});
