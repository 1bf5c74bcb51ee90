/** Today: missed calls and whom to tell of them, what was not sent, and the rooms at this hour. */
import { expect, expectAccessible, faces, open, test, type Page } from "../../ui/browser-test.ts";

const today = (page: Page) => page.getByRole("main", { name: /^(Today|今日)$/ });
const row = (page: Page, name: string | RegExp) => today(page).getByRole("row", { name });
const focused = (page: Page) => page.locator("[role=row]:focus");
const waiting = (page: Page) => page.getByRole("navigation").getByRole("link", { name: /^Today/ });

for (const face of faces) {
  test(`is accessible in ${face.lang} and ${face.theme}`, async ({ page }) => {
    test.slow();
    await open(page, { ...face, view: "today" });
    await expect(row(page, /西村 彩/)).toBeVisible();
    await expectAccessible(page);
    await page.keyboard.press("m");
    await expect(page.getByRole("dialog")).toBeVisible();
    await expectAccessible(page, "[role=dialog]");
  });
}

for (const fake of ["empty", "loading", "broken"] as const) {
  test(`is accessible when ${fake}`, async ({ page }) => {
    await open(page, { view: "today", fake });
    if (fake === "empty") await expect(page.getByText("No telephone is connected")).toBeVisible();
    if (fake === "loading") await expect(today(page).locator("[aria-busy=true]").first()).toBeVisible();
    if (fake === "broken") {
      await expect(today(page).getByText("disk I/O error"), "of missed calls and of changes").toHaveCount(2);
      await expect(
        today(page)
          .getByText(/Offline since 9:58/)
          .first(),
      ).toBeVisible();
    }
    await expectAccessible(page);
  });
}

test("says who rang, whom to tell and where they are, and counts what waits beside its name", async ({ page }) => {
  await open(page, { view: "today" });
  await expect(today(page).getByText("4 new, 1 taken")).toBeVisible();
  await expect(waiting(page)).toContainText("5");
  await expect(row(page, /西村 彩/)).toHaveAccessibleName(
    "10:31, Missed, 西村 彩 (北浜デザイン合同会社), 06-5550-0118, 営業 · rang 22 s, 田中 健一 会議室 301 until 11:30, new",
  );
  await expect(row(page, /Number withheld/)).toContainText("no way to call back");
  await expect(row(page, /Number withheld/).getByRole("button")).toHaveText(["Close"]);
  await expect(row(page, /090-5550-0187/)).toContainText("2 colleagues");
  await expect(row(page, /大野 修/)).toContainText("told 渡辺 翔 at 9:36");
  await expect(today(page).getByText(/宮田 聡.*called back 9:40 by 鈴木 大輔/s)).toBeVisible();
});

test("is one Tab stop for the calls, walked by the arrows, and Tab goes on to the next block", async ({ page }) => {
  await open(page, { view: "today" });
  await row(page, /西村 彩/).focus();
  await page.keyboard.press("ArrowDown");
  await expect(focused(page)).toHaveAccessibleName(/Number withheld/);
  await page.keyboard.press("End");
  await expect(focused(page)).toHaveAccessibleName(/大野 修/);
  await page.keyboard.press("Home");
  await expect(focused(page)).toHaveAccessibleName(/西村 彩/);
  await page.keyboard.press("Tab");
  await expect(page.getByRole("button", { name: "1 closed today" })).toBeFocused();
  await page.keyboard.press("Tab");
  await expect(page.getByRole("button", { name: "Outbox" })).toBeFocused();
});

test("takes, closes and takes back by keyboard, with the selection on the next call", async ({ page }) => {
  await open(page, { view: "today" });
  await row(page, /西村 彩/).focus();
  await page.keyboard.press("t");
  await expect(page.getByText("西村 彩 is yours")).toBeVisible();
  await expect(row(page, /西村 彩.*yours/)).toBeVisible();
  await expect(today(page).getByText("3 new, 2 taken")).toBeVisible();
  await row(page, /Grace Holloway/).focus();
  await page.keyboard.press("e");
  await expect(page.getByText("Grace Holloway is closed")).toBeVisible();
  await expect(row(page, /Grace Holloway/)).toHaveCount(0);
  await expect(focused(page)).toHaveAccessibleName(/090-5550-0187/);
  await expect(waiting(page)).toContainText("4");
  await page.keyboard.press("Control+z");
  await expect(row(page, /Grace Holloway/)).toBeVisible();
  await expect(waiting(page)).toContainText("5");
});

test("opens again what closed by itself", async ({ page }) => {
  await open(page, { view: "today" });
  await page.getByRole("button", { name: "1 closed today" }).click();
  await page.getByRole("button", { name: "Open 宮田 聡 again" }).click();
  await expect(row(page, /宮田 聡/)).toBeVisible();
});

test("copies the number for a call back, and the call is yours", async ({ page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await open(page, { view: "today" });
  await row(page, /西村 彩/).focus();
  await page.keyboard.press("c");
  await expect(page.getByText("06-5550-0118 copied, the call is yours")).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe("06-5550-0118");
  await expect(row(page, /西村 彩.*yours/)).toBeVisible();
});

test("writes to the colleague whose telephone rang, and shows what became of it", async ({ page }) => {
  await open(page, { view: "today" });
  await row(page, /西村 彩/).focus();
  await page.keyboard.press("m");
  const dialog = page.getByRole("dialog", { name: "Message about 西村 彩" });
  await expect(dialog.getByLabel("To")).toHaveValue("ring-1/田中 健一");
  await expect(dialog.getByLabel("Through")).toHaveValue("0");
  const text = dialog.getByRole("textbox", { name: "Message" });
  await expect(text).toHaveValue(/^西村 彩 \(北浜デザイン合同会社\) rang at 10:31\.\nNumber: 06-5550-0118/);
  await text.fill("折り返しをお願いします");
  await page.keyboard.press("Control+Enter");
  await expect(dialog).toBeHidden();
  await expect(page.getByText("The message to 田中 健一 is on its way")).toBeVisible();
  await page.clock.runFor(2_000);
  await expect(row(page, /西村 彩/)).toContainText("told 田中 健一 at 10:42");
});

test("chooses nobody where several could be meant", async ({ page }) => {
  await open(page, { view: "today" });
  await row(page, /090-5550-0187/).focus();
  await page.keyboard.press("m");
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByLabel("To")).toHaveValue("");
  await dialog.getByRole("button", { name: "Send" }).click();
  await expect(dialog.getByRole("alert")).toHaveText("Choose who is told");
  await dialog.getByLabel("To").selectOption({ label: "鈴木 大輔 · free, spoke last" });
  await expect(dialog.getByLabel("Through")).toHaveValue("");
  await dialog.getByLabel("Through").selectOption({ label: "Rocket.Chat · s.daisuke@example.jp" });
  await dialog.getByRole("button", { name: "Send" }).click();
  await expect(dialog).toBeHidden();
});

test("says of a message that was lost on its way that it may have arrived", async ({ page }) => {
  await open(page, { view: "today" });
  await row(page, /Grace Holloway/).focus();
  await page.keyboard.press("m");
  await page.getByRole("dialog").getByRole("textbox", { name: "Message" }).fill("不明になる本文");
  await page.keyboard.press("Control+Enter");
  await page.clock.runFor(2_000);
  await expect(row(page, /Grace Holloway/)).toContainText("may have reached Emma Clarke");
  await expect(today(page).getByText("2 need a decision")).toBeVisible();
});

test("leads from what was not sent to its place in the outbox", async ({ page }) => {
  await open(page, { view: "today" });
  await today(page)
    .getByRole("button", { name: /^Decide what became of the message/ })
    .first()
    .click();
  await expect(page.getByRole("heading", { level: 1, name: "Compose" })).toBeVisible();
  await expect(page.getByRole("tab", { name: /Outbox/ })).toHaveAttribute("aria-selected", "true");
});

test("shows what changed since the last shift, with what went and what came", async ({ page }) => {
  await open(page, { view: "today" });
  const block = today(page).getByRole("region", { name: "Changed since yesterday 17:30" });
  await expect(block).toContainText("seen by comparing readings");
  const rows = block.getByRole("row");
  await expect(rows).toHaveCount(8);
  await expect(rows.first()).toHaveAccessibleName(
    "9:12, Room moved, from 北浜デザイン 定例 会議室 302 10:00–11:30 to 北浜デザイン 定例 会議室 301 10:00–11:30, 田中 健一",
  );
  await expect(rows.first().getByRole("deletion")).toHaveText("会議室 302");
  await expect(rows.first().getByRole("insertion")).toHaveText("会議室 301");
  await expect(row(page, /Cancelled/).getByRole("deletion")).toHaveText("在庫棚卸し 会議室 502 all day");
  await expect(row(page, /New booking/).getByRole("insertion")).toHaveText("見積もり相談 会議室 301 15:00–16:00");
  await expect(row(page, /New booking/)).toHaveAccessibleName(/^13 Oct 18:04/);
});

test("tells changes of customers and people beside those of bookings, and leads to them", async ({ page }) => {
  await open(page, { view: "today" });
  const customer = row(page, /黒田 亨/).filter({ has: page.getByRole("insertion") });
  await expect(customer.getByRole("deletion")).toHaveText("03-5550-0170");
  await expect(customer.getByRole("insertion")).toHaveText("03-5550-0171");
  await expect(row(page, /古川 茜/).getByRole("insertion")).toHaveText("switched off");
  await customer.focus();
  await expect(customer).toHaveAccessibleName(/Customer, 黒田 亨 phone, from 03-5550-0170 to 03-5550-0171/);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "People" })).toBeVisible();
  await expect(page.getByRole("row", { name: /黒田 亨/ }).first()).toBeVisible();
});

test("has the changes between what was not sent and the rooms, and leads by Enter to their place", async ({ page }) => {
  await open(page, { view: "today" });
  await page
    .getByRole("button", { name: /^Look at the message/ })
    .last()
    .focus();
  await page.keyboard.press("Tab");
  await expect(page.getByLabel("Since when changes are shown")).toBeFocused();
  await page.keyboard.press("Tab");
  await expect(focused(page)).toHaveAccessibleName(/Room moved/);
  await page.keyboard.press("End");
  await expect(focused(page)).toHaveAccessibleName(/New booking/);
  await page.keyboard.press("ArrowUp");
  await expect(focused(page)).toHaveAccessibleName(/Customer, 212 new/);
  for (let step = 0; step < 2; step += 1) await page.keyboard.press("ArrowUp");
  await expect(focused(page)).toHaveAccessibleName(/Renamed/);
  await page.keyboard.press("Tab");
  await expect(today(page).getByRole("group", { name: "Rooms now" })).toBeFocused();
  await page.keyboard.press("Shift+Tab");
  await expect(focused(page)).toHaveAccessibleName(/Renamed/);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "Rooms" })).toBeVisible();
  await expect(page.locator("[role=gridcell]:focus")).toHaveAccessibleName(/会議室 302.*15 October.*9:00/);
});

test("shows changes since a time that is chosen, also since the last hand-over, and says where there are none", async ({
  page,
}) => {
  await open(page, { view: "today" });
  await page.evaluate(() => {
    window.print = () => undefined;
  });
  const since = page.getByLabel("Since when changes are shown");
  await since.selectOption({ label: "Since midnight" });
  const block = today(page).getByRole("region", { name: "Changed since today 0:00" });
  await expect(block.getByRole("row")).toHaveCount(6);
  await expect(since.getByRole("option")).toHaveText(["Since last evening", "Since midnight"]);
  await page.getByRole("button", { name: "Hand-over" }).click();
  await page.keyboard.press("F5");
  await since.selectOption({ label: "Since the last hand-over" });
  await expect(today(page).getByText("Nothing changed since today 10:42")).toBeVisible();
  await expectAccessible(page);
});

test("shows rooms now, free ones first, and what is booked next", async ({ page }) => {
  await open(page, { view: "today" });
  await expect(today(page).getByText("6 free of 14")).toBeVisible();
  const rooms = today(page).getByRole("rowheader");
  await expect(rooms.first()).toHaveText("会議室 502");
  await expect(today(page).getByRole("row", { name: /会議室 501.*until 10:45.*渡辺 翔/s })).toBeVisible();
  await expect(today(page).getByRole("row", { name: /大会議室 大阪.*2 overlap/s })).toBeVisible();
  await expect(today(page).getByRole("region", { name: "Next bookings" }).getByRole("listitem").first()).toContainText(
    "11:00",
  );
});

test("prints the page alone, light, and without anything to press", async ({ page }) => {
  await open(page, { view: "today", theme: "dark" });
  await page.evaluate(() => {
    window.print = () => document.body.setAttribute("data-printed", "");
  });
  await page.getByRole("button", { name: "Hand-over" }).click();
  await expect(page.locator("body[data-printed]")).toBeAttached();
  await page.emulateMedia({ media: "print" });
  await expect(page.getByRole("heading", { name: "Hand-over, Wed 14 October 2026" })).toBeVisible();
  await expect(page.getByRole("navigation")).toBeHidden();
  await expect(row(page, /西村 彩/).getByRole("button", { name: /^Take/ })).toBeHidden();
  await expect(row(page, /Room moved/)).toBeVisible();
  await expect(page.getByLabel("Since when changes are shown")).toBeHidden();
  const ink = await page.evaluate(() => getComputedStyle(document.body).color);
  expect(ink).toBe("rgb(22, 32, 42)");
});

test("opens the message of a missed call that another window asks for", async ({ page }) => {
  await open(page, { view: "calls" });
  const id = await page.evaluate(() => window.frontdeskFake?.missed() ?? "");
  await page.evaluate((it) => window.frontdeskFake?.go({ what: "follow_up", id: it }), id);
  await expect(page.getByRole("dialog")).toBeVisible();
  await expect(page.getByRole("heading", { level: 1, name: "Today" })).toBeVisible();
});
