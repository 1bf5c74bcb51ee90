/** The window that shows who rings. */
import { expect, expectAccessible, faces, test, type Page } from "../../ui/browser-test.ts";
import type { Call } from "../../ui/src/bridge/types/Call.ts";
import type { CallNews } from "../../ui/src/bridge/types/CallNews.ts";
import type { Customer } from "../../ui/src/bridge/types/Customer.ts";

const HEIGHT = 260;

async function open(page: Page, lang = "en", theme = "light"): Promise<void> {
  await page.setViewportSize({ width: 420, height: HEIGHT });
  await page.clock.install({ time: new Date("2026-10-14T01:42:11Z") });
  await page.goto(`/popup.html?fake=full&lang=${lang}&theme=${theme}&quiet=1`);
  await expect.poll(() => page.evaluate(() => window.frontdeskFake !== undefined)).toBe(true);
}

const customer = (id: string, name: string, company: string, kana: string | null = null): Customer => ({
  id,
  connection: "cti-1",
  external_id: id,
  name,
  kana,
  company,
  numbers: [],
  email: null,
  address: null,
  note: null,
});

function callOf(part: Partial<Call>): Call {
  return {
    id: "cti-1/1",
    connection: "cti-1",
    external_id: "1",
    session_id: null,
    started_at: "2026-10-14T01:42:04Z",
    duration_seconds: null,
    direction: "inbound",
    outcome: "ringing",
    from: { raw: "0355500142", e164: "+81355500142", name: null, location: null, shown: "03-5550-0142" },
    to: { raw: "0355500100", e164: null, name: null, location: null, shown: "03-5550-0100" },
    line: "代表",
    people: [],
    customer: null,
    customer_count: 0,
    note: null,
    legs: [],
    same: [],
    ...part,
  };
}

const past = (id: string, day: string, part: Partial<Call>): Call =>
  callOf({ id, external_id: id, started_at: `2026-10-${day}T01:00:00Z`, outcome: "answered", ...part });
const spoke = (name: string): Call["people"] => [
  { id: `ring-1/${name}`, name, email: null, system: "ring-central", external_id: name, role: "spoke" },
];

const known: CallNews = {
  event: "ringing",
  at: "2026-10-14T01:42:04Z",
  call: callOf({
    customer: { id: "cti-1/7", name: "山岸 恵子", company: "ひがし野製作所 · 購買部" },
    customer_count: 1,
  }),
  customers: [customer("cti-1/7", "山岸 恵子", "ひがし野製作所 · 購買部", "ヤマギシ ケイコ")],
  recent: [
    past("a", "09", { people: spoke("鈴木 大輔"), duration_seconds: 272, note: "見積 No. 2287 の納期" }),
    past("b", "06", { outcome: "missed" }),
    past("c", "01", { people: spoke("佐藤 美咲"), duration_seconds: 108, note: "請求先変更" }),
  ],
};
const number = { raw: "09055500187", e164: null, name: null, location: null, shown: "090-5550-0187" };
const unknown: CallNews = {
  ...known,
  call: callOf({ id: "cti-1/2", external_id: "2", line: "サポート", from: number }),
  customers: [],
  recent: [
    past("d", "14", { outcome: "missed" }),
    past("e", "13", { people: spoke("渡辺 翔"), duration_seconds: 125 }),
  ],
};
const several: CallNews = {
  ...known,
  call: callOf({ id: "ring-1/3", connection: "ring-1", external_id: "3", line: "海外", customer_count: 3 }),
  customers: [
    customer("cti-1/8", "川瀬 浩", "川瀬印刷 · 社長"),
    customer("cti-1/9", "川瀬 みどり", "川瀬印刷 · 経理"),
    customer("cti-1/10", "川瀬印刷 代表", ""),
  ],
  recent: [],
};
const withheld: CallNews = {
  ...known,
  call: callOf({
    id: "cti-1/304855",
    external_id: "304855",
    from: { raw: "", e164: null, name: null, location: null, shown: "" },
  }),
  customers: [],
  recent: [],
};

const tell = (page: Page, news: CallNews): Promise<void> =>
  page.evaluate((it) => window.frontdeskFake?.tell({ type: "call", ...it }), news);
const asked = (page: Page): Promise<[string, unknown][]> => page.evaluate(() => window.frontdeskFake?.asked ?? []);

for (const { lang, theme } of faces) {
  test(`is accessible in ${lang} and ${theme}, whoever rings`, async ({ page }) => {
    await open(page, lang, theme);
    await tell(page, known);
    await expect(page.getByText("山岸 恵子")).toBeVisible();
    await expectAccessible(page);
    for (const news of [unknown, several]) await tell(page, news);
    await page.setViewportSize({ width: 420, height: HEIGHT + 104 });
    await expect(page.getByText("090-5550-0187")).toBeVisible();
    await expectAccessible(page);
    await page
      .getByRole("button", { name: lang === "en" ? "Show this call in full" : "この着信を開く" })
      .last()
      .click();
    await expect(page.getByText("川瀬 みどり")).toBeVisible();
    await expectAccessible(page);
  });
}

test("tells at once who rings, what was spoken before and with whom", async ({ page }) => {
  await open(page);
  await tell(page, known);
  for (const text of ["Ringing", "代表", "ヤマギシ ケイコ", "03-5550-0142", "見積 No. 2287 の納期"])
    await expect(page.getByText(text).first()).toBeVisible();
  await expect(page.getByRole("paragraph").filter({ hasText: "Last spoke with" })).toContainText("鈴木 大輔");
  await expect.poll(async () => (await asked(page)).at(-1)).toEqual(["popup_show", HEIGHT]);
});

test("keeps the first call in its place while others come below, and counts those without room", async ({ page }) => {
  await open(page);
  await tell(page, known);
  const name = page.getByText("山岸 恵子");
  await expect(name).toBeVisible();
  const before = await name.boundingBox();
  for (const news of [unknown, several, withheld]) await tell(page, news);
  await expect(page.getByText("+1 more")).toBeVisible();
  expect(await name.boundingBox()).toEqual(before);
  await expect.poll(async () => (await asked(page)).at(-1)).toEqual(["popup_show", HEIGHT + 104]);
});

for (const lang of ["en", "ja"]) {
  test(`has room for the words of all its buttons in ${lang}`, async ({ page }) => {
    const missed = (it: CallNews): CallNews => ({ ...it, event: "ended", call: { ...it.call, outcome: "missed" } });
    for (const states of [[known], [unknown], [several], [withheld], [withheld, missed(withheld)]]) {
      await open(page, lang);
      for (const news of states) await tell(page, news);
      await expect(page.getByRole("button").first()).toBeVisible();
      const cut = await page.evaluate(() =>
        [...document.querySelectorAll<HTMLElement>("footer button, footer button .words")]
          .filter((it) => it.scrollWidth > it.clientWidth || it.getBoundingClientRect().right > window.innerWidth)
          .map((it) => it.textContent),
      );
      expect(cut).toEqual([]);
    }
  });
}

test("makes no guess where several customers have the number", async ({ page }) => {
  await open(page);
  await tell(page, several);
  await expect(page.getByText("3 customers share this number: who is it?")).toBeVisible();
  await expect(page.getByRole("listitem")).toHaveCount(3);
  await expect(page.getByText("No guess is made")).toBeVisible();
  await page.keyboard.press("2");
  await expect(page.getByRole("heading", { name: "川瀬 みどり" })).toBeVisible();
  await expect(page.getByText("No guess is made")).toBeHidden();
  await page.getByRole("button", { name: "Somebody else?" }).click();
  await expect(page.getByRole("listitem")).toHaveCount(3);
  await page.getByRole("button", { name: /川瀬印刷 代表/ }).click();
  await expect(page.getByRole("heading", { name: "川瀬印刷 代表" })).toBeVisible();
});

test("closes with an open note in which nothing was written, and writes nothing then", async ({ page }) => {
  await open(page);
  await tell(page, known);
  await page.keyboard.press("n");
  await expect(page.getByRole("textbox")).toBeVisible();
  await page.getByRole("textbox").press("Enter");
  await expect(page.getByRole("textbox")).toBeHidden();
  await expect(page.getByText("The note is saved.")).toBeHidden();
  await page.keyboard.press("n");
  await page.getByRole("button", { name: "Close" }).click();
  await expect.poll(async () => (await asked(page)).at(-1)).toEqual(["popup_hide", null]);
});

test("writes a note that stops the clock, and hides when the call was over long enough", async ({ page }) => {
  await open(page);
  await tell(page, withheld);
  await tell(page, { ...withheld, event: "ended", call: { ...withheld.call, outcome: "missed" } });
  await expect(page.getByText("Number withheld")).toBeVisible();
  await page.keyboard.press("n");
  await page.getByRole("textbox").fill("折り返し希望、14 時以降");
  await page.clock.runFor(60_000);
  await expect(page.getByText("stays while you write")).toBeVisible();
  await page.getByRole("textbox").press("Enter");
  // Somebody else wrote there meanwhile: it is shown before anything is written over.
  await expect(page.getByRole("alert")).toContainText("Somebody else wrote meanwhile");
  await expectAccessible(page);
  await page.getByRole("button", { name: "Write mine over it" }).click();
  await expect(page.getByText("The note is saved.")).toBeVisible();
  await page.clock.runFor(21_000);
  await expect(page.getByText("Number withheld")).toHaveCount(0);
  await expect.poll(async () => (await asked(page)).at(-1)?.[0]).toBe("popup_hide");
});

test("takes a missed call, hands it to the right screen, and closes what is done", async ({ page }) => {
  await open(page);
  await tell(page, unknown);
  await tell(page, { ...unknown, event: "ended", call: { ...unknown.call, outcome: "missed" } });
  await expect(page.getByText("090-5550-0187")).toBeVisible();
  await page.keyboard.press("m");
  await page.keyboard.press("t");
  await expect(page.getByRole("button", { name: "Taken" })).toBeDisabled();
  await expectAccessible(page);
  await page.keyboard.press("e");
  await expect(page.getByText("090-5550-0187")).toHaveCount(0);
  const gone = async (): Promise<unknown> => (await asked(page)).filter(([command]) => command === "main_go");
  await expect.poll(gone).toEqual([["main_go", { what: "follow_up", id: "cti-1/2" }]]);
});

test("begins a message to the colleague who spoke with a known caller last", async ({ page }) => {
  await open(page);
  await tell(page, known);
  await expect(page.getByText("山岸 恵子")).toBeVisible();
  await page.keyboard.press("m");
  const gone = async (): Promise<unknown> => (await asked(page)).filter(([command]) => command === "main_go");
  const name = "鈴木 大輔";
  await expect.poll(gone).toEqual([["main_go", { what: "message", id: "cti-1/1", person: `ring-1/${name}`, name }]]);
});

test("the Enter that ends a composition saves nothing", async ({ page }) => {
  await open(page);
  await tell(page, withheld);
  await expect(page.getByText("Number withheld")).toBeVisible();
  await page.keyboard.press("n");
  const field = page.getByRole("textbox");
  await field.fill("おりかえし");
  await field.dispatchEvent("compositionstart");
  await field.dispatchEvent("keydown", { key: "Enter", isComposing: true, keyCode: 229 });
  await field.dispatchEvent("compositionend");
  await expect(field).toHaveValue("おりかえし");
  await expect(page.getByText("The note is saved.")).toHaveCount(0);
});

test("opens the call, adds the customer and looks the number up where one can", async ({ page }) => {
  await open(page);
  await tell(page, unknown);
  await expect(page.getByText("Not in the address book · call 3 this week")).toBeVisible();
  for (const key of ["o", "a", "l", "Escape"]) await page.keyboard.press(key);
  const done = async (): Promise<unknown> =>
    (await asked(page)).filter(([command]) => !["popup_show", "popup_hide"].includes(command));
  await expect.poll(done).toEqual([
    ["main_go", { what: "call", id: "cti-1/2" }],
    ["main_go", { what: "add_customer", id: "cti-1/2" }],
    ["lookup_open", "09055500187"],
    ["popup_leave", null],
  ]);
});

test("says where the colleague is who spoke with the caller last", async ({ page }) => {
  await open(page);
  await tell(page, known);
  await expect(page.getByText("Last spoke with 鈴木 大輔 free")).toBeVisible();
  await tell(page, { ...unknown, recent: [past("f", "13", { people: spoke("田中 健一"), duration_seconds: 125 })] });
  await page.keyboard.press("Tab");
  await expect(page.getByText("Last spoke with 田中 健一 会議室 301 until 11:30")).toBeVisible();
  // Of two who spoke together nobody says which one to ask.
  const two = [...spoke("田中 健一"), ...spoke("鈴木 大輔")];
  await tell(page, { ...withheld, recent: [past("g", "13", { people: two, duration_seconds: 125 })] });
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await expect(page.getByText("Last spoke with 田中 健一 鈴木 大輔")).toBeVisible();
  await expect(page.getByText("free")).toHaveCount(0);
});
