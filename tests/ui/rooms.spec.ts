/** The rooms board: what is free, who is where, and a quick call link for it. */
import { expect, expectAccessible, faces, open, test, type Page } from "../../ui/browser-test.ts";

const cell = (page: Page, name: string | RegExp) => page.getByRole("gridcell", { name });
const block = (page: Page, title: string) => page.locator("[data-block]", { hasText: title }).first();
const pane = (page: Page) => page.getByRole("complementary");
/** The half hour that has the keyboard. */
const focused = (page: Page) => page.locator("[role=gridcell]:focus");

for (const face of faces) {
  test(`is accessible in ${face.lang} and ${face.theme}`, async ({ page }) => {
    // The rules look at every half hour and row; a busy machine needs a while.
    test.slow();
    await open(page, { ...face, view: "rooms" });
    await expect(page.getByRole("rowheader", { name: /会議室 301/ })).toBeVisible();
    await expectAccessible(page);
    await block(page, "北浜デザイン").click();
    await expect(pane(page).getByRole("heading", { name: "北浜デザイン 定例" })).toBeVisible();
    await expectAccessible(page);
  });
}

for (const fake of ["empty", "loading", "broken", "unread"] as const) {
  test(`is accessible when ${fake}`, async ({ page }) => {
    await open(page, { view: "rooms", fake });
    if (fake === "empty") await expect(page.getByText("No system with rooms is connected")).toBeVisible();
    if (fake === "broken") await expect(page.getByText(/Offline since 9:58/).first()).toBeVisible();
    if (fake === "unread") {
      await expect(page.getByText("The rooms could not be read yet")).toBeVisible();
      await expect(page.getByText("No rooms yet")).toHaveCount(0);
    }
    if (fake === "loading")
      await expect(page.getByRole("main", { name: "Rooms" }).locator("[aria-busy=true]")).toBeVisible();
    await expectAccessible(page);
  });
}

test("says in one line how much there is, and counts what overlaps", async ({ page }) => {
  await open(page, { view: "rooms" });
  await expect(page.getByText("14 rooms, 32 bookings, 1 overlap")).toBeVisible();
  await expect(page.getByRole("rowheader", { name: /大会議室 大阪.*2 bookings overlap/s })).toBeAttached();
  const [first, second] = [block(page, "関西営業会議"), block(page, "来客対応")];
  const boxes = [await first.boundingBox(), await second.boundingBox()];
  expect(boxes[0]?.height).toBe(24);
  expect((boxes[1]?.y ?? 0) - (boxes[0]?.y ?? 0)).toBe(26);
});

test("names every half hour by room, day, times and who is in it", async ({ page }) => {
  await open(page, { view: "rooms" });
  await expect(cell(page, "会議室 302, Wednesday 14 October, 10:30 to 11:00, free")).toBeAttached();
  const taken = "会議室 301, Wednesday 14 October, 北浜デザイン 定例, 田中 健一, 10:00 to 11:30";
  await expect(cell(page, taken)).toHaveCount(3);
  const both = /関西営業会議, 藤井 直子, 9:30 to 11:30; 来客対応\(工場見学\), 山本 亮, 10:30 to 12:00/;
  await expect(cell(page, both).first()).toBeAttached();
});

test("is one Tab stop, and the arrows move by half hour and room", async ({ page }) => {
  await open(page, { view: "rooms" });
  await expect(page.locator("[role=gridcell][tabindex='0']")).toHaveCount(1);
  await page.locator("[role=gridcell][tabindex='0']").focus();
  await expect(focused(page)).toHaveAccessibleName(/応接室 A, .*10:30 to 11:00/);
  await page.keyboard.press("ArrowRight");
  await expect(focused(page)).toHaveAccessibleName(/応接室 A, .*11:00 to 11:30/);
  await page.keyboard.press("ArrowDown");
  await expect(focused(page)).toHaveAccessibleName(/応接室 B, .*11:00 to 11:30/);
  await page.keyboard.press("Home");
  await expect(focused(page)).toHaveAccessibleName(/応接室 B, .*8:00 to 8:30/);
  await page.keyboard.press("Control+End");
  await expect(focused(page)).toHaveAccessibleName(/小会議室 大阪, .*17:30 to 18:00/);
  await expect(focused(page)).toBeInViewport();
  await page.keyboard.press(".");
  await expect(focused(page)).toHaveAccessibleName(/10:30 to 11:00/);
});

test("goes from booking to booking by Ctrl and the arrows, on into the next rooms", async ({ page }) => {
  await open(page, { view: "rooms" });
  await page.getByRole("gridcell", { name: /応接室 A, .*8:00 to 8:30, free/ }).click();
  await page.keyboard.press("Escape");
  for (const name of [/応接室 A.*採用面接/, /Meridian Freight/, /契約更新/, /応接室 B.*採用面接\(二次\)/]) {
    await page.keyboard.press("Control+ArrowRight");
    await expect(focused(page)).toHaveAccessibleName(name);
  }
  await page.keyboard.press("Control+ArrowLeft");
  await expect(focused(page)).toHaveAccessibleName(/契約更新/);
});

test("says that bookings are made elsewhere, and opens the system there", async ({ page }) => {
  await open(page, { view: "rooms" });
  await expect(page.getByText("Bookings are made and changed in Chat&Messenger")).toBeVisible();
  await page.getByRole("button", { name: /^Open chat/ }).click();
  const asked = await page.evaluate(() => window.frontdeskFake?.asked ?? []);
  expect(asked).toContainEqual(["connection_open_page", "cam-1"]);
});

test("opens a booking by Enter, with its time left and its raw record, and closes it by Esc", async ({ page }) => {
  await open(page, { view: "rooms" });
  await page.locator("[role=gridcell][tabindex='0']").focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expect(pane(page).getByRole("heading", { name: "北浜デザイン 定例" })).toBeVisible();
  await expect(pane(page)).toContainText("48 min left");
  await expect(pane(page)).toContainText("田中 健一");
  await expect(pane(page)).toContainText(
    "Bookings are made and changed in Chat&Messenger; here they can only be read.",
  );
  await pane(page).getByText("Raw record").click();
  await expect(pane(page).getByRole("region", { name: /Raw record of/ })).toContainText(
    '"createUserName": "田中 健一"',
  );
  await page.keyboard.press("Escape");
  await expect(pane(page).getByRole("heading", { name: "6 free now" })).toBeVisible();
  await expect(focused(page)).toHaveAccessibleName(/北浜デザイン/);
});

test("shows the bookings of one half hour in turn", async ({ page }) => {
  await open(page, { view: "rooms" });
  await page.locator("[role=gridcell][tabindex='0']").focus();
  for (let i = 0; i < 12; i += 1) await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expect(pane(page).getByRole("heading", { name: "関西営業会議" })).toBeVisible();
  await expect(pane(page)).toContainText("Overlaps another booking");
  await page.keyboard.press("Enter");
  await expect(pane(page).getByRole("heading", { name: "来客対応(工場見学)" })).toBeVisible();
});

test("makes a quick call link for a free slot, once, and shows it with Copy", async ({ page }) => {
  await open(page, { view: "rooms" });
  await page.locator("[role=gridcell][tabindex='0']").focus();
  await page.keyboard.press("ArrowRight");
  await expect(page.getByText("11:00–13:00 free")).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(pane(page).getByLabel("Works until")).toHaveValue("13:00, end of free time");
  await pane(page).getByLabel("Password").fill("himitsu");
  await pane(page).getByRole("button", { name: "Create link" }).dblclick();
  await expect(pane(page).getByLabel("Link")).toHaveValue("https://app.example.jp/call/7c1e9a4f2b?p=1");
  await expect(pane(page).getByText("Works until 13:00")).toBeVisible();
  await expect(pane(page).getByRole("button", { name: "Create link" })).toHaveCount(0);
  await pane(page).getByRole("button", { name: "Copy" }).click();
  await expect(page.getByText("Copied")).toBeVisible();
  await expectAccessible(page);
});

test("says that a link may have been made when the answer never came", async ({ page }) => {
  await open(page, { view: "rooms", fake: "broken" });
  await block(page, "北浜デザイン").click();
  await page.keyboard.press("l");
  await expect(pane(page).getByRole("alert")).toBeVisible();
  await expectAccessible(page);
});

test("leaves only what is free now by F, and narrows by seats", async ({ page }) => {
  await open(page, { view: "rooms" });
  await expect(page.getByRole("rowheader")).toHaveCount(14);
  await page.keyboard.press("f");
  await expect(page.getByRole("rowheader")).toHaveCount(6);
  await page.getByRole("combobox", { name: "Seats" }).selectOption("20");
  await expect(page.getByRole("rowheader")).toHaveCount(1);
  await page.getByRole("combobox", { name: "Seats" }).selectOption("40");
  await expect(page.getByText("No room matches")).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Clear filters" }).click();
  await expect(page.getByRole("rowheader")).toHaveCount(14);
});

test("steps by day, and reads a month that was never read when told to", async ({ page }) => {
  await open(page, { view: "rooms" });
  await page.keyboard.press("PageDown");
  await expect(page.getByRole("heading", { name: "Thu 15 October 2026" })).toBeVisible();
  await expect(page.getByText("14 rooms, 16 bookings")).toBeVisible();
  await page.getByLabel("Date").fill("2026-11-04");
  await expect(page.getByText("This month was never read")).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Read now" }).click();
  await expect(page.getByText("14 rooms, 16 bookings")).toBeVisible();
  await page.getByRole("button", { name: "Today" }).click();
  await expect(page.getByRole("heading", { name: "Wed 14 October 2026" })).toBeVisible();
});

test("lists what could not be placed, with the reason and the record as it came", async ({ page }) => {
  await open(page, { view: "rooms" });
  const tray = page.getByRole("region", { name: "Could not be placed" });
  await expect(tray).toContainText("room “27” is not in the room list");
  await tray.getByRole("button", { name: "Raw record" }).first().click();
  await expect(page.getByRole("dialog")).toContainText('"end": "2026/10/14 17:00"');
  await expectAccessible(page);
});

test("places by instants and labels times by the rooms' clock, whatever zone the computer has", async ({ browser }) => {
  const context = await browser.newContext({ timezoneId: "America/New_York" });
  const page = await context.newPage();
  await open(page, { view: "rooms" });
  await expect(page.getByRole("columnheader", { name: "8:00", exact: true })).toBeVisible();
  await expect(
    cell(page, /会議室 301, Wednesday 14 October, 北浜デザイン 定例, 田中 健一, 10:00 to 11:30/),
  ).toHaveCount(3);
  await block(page, "北浜デザイン").click();
  await expect(pane(page)).toContainText("Times are those of Asia/Tokyo.");
  await context.close();
});

test("reads again when told to, and says what went wrong in its place", async ({ page }) => {
  await open(page, { view: "rooms", fake: "broken" });
  await page.getByRole("button", { name: "Refresh" }).click();
  await expect(page.getByRole("alert")).toContainText("The connection was lost.");
  await expect(page.getByRole("rowheader", { name: /会議室 301/ })).toBeVisible();
});

test("stays usable at 200 % zoom, with the pane over the board", async ({ page }) => {
  await page.setViewportSize({ width: 640, height: 400 });
  await open(page, { view: "rooms" });
  await expect(pane(page)).toBeHidden();
  await page.locator("[role=gridcell][tabindex='0']").focus();
  await page.keyboard.press("Enter");
  await expect(pane(page)).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await expect(pane(page)).toBeHidden();
});

test("draws only the rows on screen of 500 rooms, and reaches the last one by keyboard", async ({ page }) => {
  await open(page, { view: "rooms" });
  await page.goto(`${page.url().split("#")[0] ?? ""}&rooms=500#/rooms`);
  await expect(page.getByText(/^500 rooms/)).toBeVisible();
  expect(await page.getByRole("rowheader").count()).toBeLessThan(30);
  await page.locator("[role=gridcell][tabindex='0']").focus();
  await page.keyboard.press("Control+End");
  await expect(focused(page)).toHaveAccessibleName(/会議室 500, .*17:30 to 18:00/);
  await expect(focused(page)).toBeInViewport();
  expect(await page.getByRole("rowheader").count()).toBeLessThan(30);
  await page.getByRole("grid", { name: "Rooms by time" }).evaluate((grid) => grid.scrollTo(0, 0));
  await expect(page.getByRole("rowheader", { name: /応接室 A/ })).toBeVisible();
  await page.keyboard.press("ArrowUp");
  await expect(focused(page)).toHaveAccessibleName(/会議室 499/);
});

test("keeps sixty bookings apart that overlap, with the name of their room in view and the board still", async ({
  page,
}) => {
  await page.clock.install({ time: new Date("2026-10-14T01:42:11Z") });
  await page.goto("/?fake=full&lang=en&theme=light&view=rooms&crowd=60");
  const blocks = page.locator("[data-block]", { hasText: "重複" });
  await expect(blocks).toHaveCount(60);
  const first = cell(page, /会議室 502, .*重複/).first();
  const name = (await first.getAttribute("aria-label")) ?? "";
  expect(name.split("重複").length - 1, "each is told").toBe(60);
  await blocks.first().click();
  await expect(focused(page)).toHaveAccessibleName(/会議室 502/);
  const grid = page.getByRole("grid", { name: "Rooms by time" });
  await grid.evaluate((it) => (it.scrollTop = 900));
  await expect(
    page
      .getByRole("rowheader", { name: /会議室 502/ })
      .getByText("会議室 502")
      .first(),
  ).toBeInViewport();
  await page.keyboard.press("ArrowRight");
  await expect(focused(page)).toHaveAccessibleName(/会議室 502/);
  expect(await grid.evaluate((it) => it.scrollTop)).toBe(900);
});
