/** One room alone, the width of half hours, the board for a wall, and what this desk says of rooms. */
import { expect, expectAccessible, faces, open, test, type Page } from "../../ui/browser-test.ts";

const main = (page: Page) => page.getByRole("main", { name: "Rooms" });
const block = (page: Page, title: string) => page.locator("[data-block]", { hasText: title }).first();
const focused = (page: Page) => page.locator("[role=gridcell]:focus");
const own = (page: Page) => page.getByRole("grid", { name: "会議室 301 by day and time" });

async function showOwn(page: Page): Promise<void> {
  await open(page, { view: "rooms" });
  await block(page, "北浜デザイン").click();
  await page.getByRole("button", { name: "This room’s calendar" }).click();
  await expect(own(page)).toBeVisible();
}

for (const face of faces) {
  test(`one room alone is accessible in ${face.lang} and ${face.theme}`, async ({ page }) => {
    test.slow();
    await open(page, { ...face, view: "rooms" });
    await block(page, "北浜デザイン").click();
    await page
      .getByRole("button", { name: face.lang === "ja" ? "この会議室のカレンダー" : "This room’s calendar" })
      .click();
    await expect(page.getByRole("rowheader")).toHaveCount(7);
    await expectAccessible(page);
  });

  test(`the board for a wall is accessible in ${face.lang} and ${face.theme}`, async ({ page }) => {
    test.slow();
    await open(page, { ...face, view: "rooms" });
    await expect(page.getByRole("rowheader").first()).toBeVisible();
    await page.keyboard.press("Shift+W");
    await expect(page.getByRole("dialog")).toContainText("10:42");
    await expectAccessible(page);
  });

  test(`what is said of rooms is accessible in ${face.lang} and ${face.theme}`, async ({ page }) => {
    await open(page, { ...face, view: "rooms" });
    await page.getByRole("button", { name: face.lang === "ja" ? "会議室の情報" : "About the rooms" }).click();
    await expect(page.getByRole("dialog").getByRole("combobox").first()).toBeVisible();
    await expectAccessible(page);
  });
}

test("shows the week of one room with its days under one another, by keyboard too", async ({ page }) => {
  await showOwn(page);
  await expect(page.getByRole("rowheader")).toHaveCount(7);
  await expect(page.getByRole("rowheader", { name: "Wed 14 October 2026" })).toBeVisible();
  const booked = own(page).getByRole("gridcell", { name: /Wednesday 14 October, 北浜デザイン 定例, 田中 健一, 10:00/ });
  await expect(booked.first()).toBeAttached();
  await own(page).locator("[role=gridcell][tabindex='0']").focus();
  await expect(focused(page)).toHaveAccessibleName(/会議室 301, Wednesday 14 October/);
  await page.keyboard.press("ArrowDown");
  await expect(focused(page)).toHaveAccessibleName(/会議室 301, Thursday 15 October/);
  await page.keyboard.press("PageDown");
  await expect(page.getByRole("rowheader", { name: "Thu 22 October 2026" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("grid", { name: "Rooms by time" })).toBeVisible();
});

test("shows the month of one room, and its bookings as a list that leads to the board", async ({ page }) => {
  await showOwn(page);
  await page.getByRole("radio", { name: "Month" }).click();
  await expect(page.getByRole("rowheader", { name: "Thu 1 October 2026" })).toBeAttached();
  await page.getByRole("radio", { name: "List" }).click();
  const row = main(page).getByRole("listitem").filter({ hasText: "Wed 14 October 2026" }).filter({ hasText: "北浜" });
  await expect(row).toContainText("10:00–11:30");
  await expectAccessible(page);
  await row.getByRole("button", { name: "Show" }).click();
  await expect(page.getByRole("complementary").getByRole("heading", { name: "北浜デザイン 定例" })).toBeVisible();
});

test("makes half hours wider and narrower, and keeps the keyboard where it was", async ({ page }) => {
  await open(page, { view: "rooms" });
  await page.locator("[role=gridcell][tabindex='0']").focus();
  const width = async () => (await focused(page).boundingBox())?.width ?? 0;
  const before = await width();
  const name = await focused(page).getAttribute("aria-label");
  for (let i = 0; i < 4; i += 1) await page.keyboard.press("]");
  await expect.poll(width).toBe(120);
  await expect(focused(page)).toHaveAttribute("aria-label", name ?? "");
  for (let i = 0; i < 5; i += 1) await page.keyboard.press("[");
  await expect.poll(width).toBe(before);
});

test("hangs on a wall without anything to press, goes on by itself, and leaves by Esc", async ({ page }) => {
  await open(page, { view: "rooms" });
  await page.keyboard.press("Shift+W");
  const wall = page.getByRole("dialog", { name: "Wall board" });
  await expect(wall).toContainText("10:42");
  await expect(wall.getByRole("button")).toHaveCount(0);
  await expect(wall.getByRole("listitem")).toHaveCount(10);
  await expect(wall.getByRole("listitem").filter({ hasText: "会議室 301" })).toContainText("until 11:30");
  const line = async () => (await wall.locator(".line").first().boundingBox())?.x ?? 0;
  const before = await line();
  await page.clock.runFor(20 * 60_000);
  await expect(wall).toContainText("11:02");
  expect(await line()).toBeGreaterThan(before + 20);
  await page.keyboard.press("Escape");
  await expect(wall).toBeHidden();
  await expect(page.getByRole("grid", { name: "Rooms by time" })).toBeVisible();
});

test("keeps what this desk says of a room, filters by it, and leaves a hidden room out", async ({ page }) => {
  await open(page, { view: "rooms" });
  await expect(page.getByRole("rowheader")).toHaveCount(14);
  await page.getByRole("button", { name: "About the rooms" }).click();
  const dialog = page.getByRole("dialog", { name: "About the rooms" });
  await dialog.getByLabel("Seats").fill("99");
  await dialog.getByLabel("Equipment").fill("水槽、電話");
  await dialog.getByLabel("Note").click();
  await dialog.getByLabel("Picture").fill("C:\\photos\\a.png");
  await dialog.getByLabel("Place in the list").click();
  await expect(dialog.getByRole("img", { name: "Picture of 応接室 A" })).toBeVisible();
  await dialog.getByLabel("Room", { exact: true }).selectOption({ label: "応接室 B" });
  await dialog.getByLabel("Leave it out of boards, calendars and reports").check();
  await expect(dialog.getByLabel("Room", { exact: true })).toContainText("応接室 B (hidden)");
  await dialog.getByRole("button", { name: "Close" }).last().click();
  await expect(page.getByRole("rowheader")).toHaveCount(13);
  await page.getByRole("combobox", { name: "Equipment" }).selectOption("水槽");
  await expect(page.getByRole("rowheader")).toHaveCount(1);
  await expect(page.getByRole("rowheader", { name: /応接室 A/ })).toContainText("99 seats");
});

test("hatches a room outside of hours of its own, calls it closed, and leaves it out of what is free", async ({
  page,
}) => {
  await open(page, { view: "rooms" });
  const head = page.getByRole("rowheader", { name: /応接室 B/ });
  await expect(head).toContainText("occupied now");
  await page.getByRole("button", { name: "About the rooms" }).click();
  const dialog = page.getByRole("dialog", { name: "About the rooms" });
  await dialog.getByLabel("Room", { exact: true }).selectOption({ label: "応接室 A" });
  await dialog.getByLabel("Opens at").selectOption("13:00");
  await expect(dialog.getByLabel("Closes at")).toHaveValue("18");
  await dialog.getByLabel("Closes at").selectOption("20:00");
  await dialog.getByRole("button", { name: "Close" }).last().click();
  await expect(page.getByRole("rowheader", { name: /応接室 A/ })).toContainText("closed now");
  const cell = (times: string) => page.getByRole("gridcell", { name: new RegExp(`応接室 A, .*${times}`) });
  await expect(cell("11:00 to 11:30, closed")).toHaveCount(1);
  await expect(cell("19:30 to 20:00, free")).toHaveCount(1);
  await expect(
    page.getByRole("gridcell", { name: /応接室 B, .*19:30 to 20:00, free, outside opening hours/ }),
  ).toHaveCount(1);
  await page.keyboard.press("f");
  await expect(page.getByRole("rowheader", { name: /応接室 A/ })).toHaveCount(0);
  await page.getByRole("button", { name: "About the rooms" }).click();
  await dialog.getByLabel("Room", { exact: true }).selectOption({ label: "応接室 A" });
  await dialog.getByLabel("Opens at").selectOption("as the office");
  await dialog.getByRole("button", { name: "Close" }).last().click();
  await expect(page.getByRole("rowheader", { name: /応接室 A/ })).toContainText("free now");
});

test("reads what is said of rooms from a file, and says what it does not know", async ({ page }) => {
  await open(page, { view: "rooms" });
  await page.getByRole("button", { name: "About the rooms" }).click();
  const dialog = page.getByRole("dialog", { name: "About the rooms" });
  const rows = [
    { id: "1", name: "応接室 A", seats: 77 },
    { id: "98", name: "どこにもない部屋" },
  ];
  const file = { name: "rooms.json", mimeType: "application/json", buffer: Buffer.from(JSON.stringify(rows)) };
  await dialog.locator("input[type=file]").setInputFiles(file);
  await expect(dialog).toContainText("1 room taken from the file. Not here: どこにもない部屋.");
  await expect(dialog.getByLabel("Seats")).toHaveValue("77");
  await dialog.locator("input[type=file]").setInputFiles({ ...file, buffer: Buffer.from("[{") });
  await expect(dialog.getByRole("alert")).toBeVisible();
});

test("puts a quick call link into a message to who booked, or to whom is chosen", async ({ page }) => {
  await open(page, { view: "rooms" });
  await page.locator("[role=gridcell][tabindex='0']").focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  await page.keyboard.press("l");
  await page.getByRole("complementary").getByRole("button", { name: "Send" }).click();
  const compose = page.getByRole("main", { name: "Compose" });
  await expect(compose.getByRole("textbox", { name: /Text|Message/ }).first()).toHaveValue(
    /https:\/\/app\.example\.jp\/call\//,
  );
});
