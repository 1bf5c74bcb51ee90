/** Rooms by day: a month and a week of all rooms, their table, and the pane with the bookings of a cell. */
import { expect, expectAccessible, faces, open, test, type Page } from "../../ui/browser-test.ts";

const grid = (page: Page) => page.getByRole("grid", { name: /Rooms by day|会議室の利用状況/ });
const focused = (page: Page) => page.locator("[role=gridcell]:focus");
const pane = (page: Page) => page.getByRole("complementary");

/** Opens the month, with the keyboard on today's cell of the first room. */
async function month(page: Page, asked: Parameters<typeof open>[1] = {}): Promise<void> {
  await open(page, { ...asked, view: "rooms" });
  await expect(page.getByRole("rowheader").first()).toBeVisible();
  await page.keyboard.press("g");
  await expect(grid(page)).toBeVisible();
  await expect(focused(page)).toBeVisible();
}

for (const face of faces) {
  test(`a month, a week and their table are accessible in ${face.lang} and ${face.theme}`, async ({ page }) => {
    test.slow();
    await month(page, face);
    await expectAccessible(page);
    await page.keyboard.press("w");
    await expect(page.getByRole("radio", { checked: true })).toHaveText(/Week|週/);
    await expectAccessible(page);
    await page.keyboard.press("Control+Shift+T");
    await expect(page.getByRole("table")).toBeVisible();
    await expectAccessible(page);
  });
}

test("names every cell by room, date, per cent, bookings and overlaps", async ({ page }) => {
  await month(page);
  const cell = (name: string) => page.getByRole("gridcell", { name, exact: true });
  await expect(cell("会議室 301, Wednesday 14 October, 45 per cent, 4 bookings")).toBeVisible();
  await expect(cell("大会議室 大阪, Wednesday 14 October, 35 per cent, 3 bookings, 1 overlap")).toBeVisible();
  await expect(page.getByText("October: 18 % used, 6 overlaps")).toBeVisible();
  await expect(page.getByRole("columnheader", { name: "Monday 12 October, Sports Day" })).toBeAttached();
  for (const it of await page.locator("[data-column]").all()) {
    const box = await it.boundingBox();
    expect(Math.min(box?.width ?? 0, box?.height ?? 0)).toBeGreaterThanOrEqual(24);
    if ((await it.getAttribute("data-row")) !== "0") break;
  }
});

test("is one Tab stop; the arrows pass over folded days, and the pane follows", async ({ page }) => {
  await month(page);
  await expect(focused(page)).toHaveAccessibleName(/応接室 A, Wednesday 14 October/);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await expect(focused(page)).toHaveAccessibleName(/会議室 301, Wednesday 14 October/);
  await expect(pane(page).getByRole("heading", { name: "会議室 301" })).toBeVisible();
  await expect(pane(page)).toContainText("北浜デザイン 定例");
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("ArrowLeft");
  await expect(focused(page)).toHaveAccessibleName(/Friday 9 October/);
  await expect(pane(page)).toContainText("Fri 9 October 2026");
  await page.keyboard.press("Home");
  await expect(focused(page)).toHaveAccessibleName(/会議室 301, Thursday 1 October/);
  await page.keyboard.press("Control+End");
  await expect(focused(page)).toHaveAccessibleName(/小会議室 大阪, Friday 30 October/);
  await expect(focused(page)).toBeInViewport();
  await expect(page.locator("[role=gridcell][tabindex='0']")).toHaveCount(1);
});

test("opens the day by Enter with the keyboard in the room, and a booking from the pane", async ({ page }) => {
  await month(page);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Wed 14 October 2026" })).toBeVisible();
  await expect(focused(page)).toHaveAccessibleName(/応接室 B, .*8:00 to 8:30/);
  await page.keyboard.press("g");
  await expect(focused(page)).toHaveAccessibleName(/応接室 B, Wednesday 14 October/);
  await pane(page)
    .getByRole("button", { name: /川瀬印刷/ })
    .click();
  await expect(pane(page).getByRole("heading", { name: /川瀬印刷/ })).toBeVisible();
});

test("steps by month, and does not take what was never read for empty", async ({ page }) => {
  await month(page);
  await page.keyboard.press("w");
  await page.keyboard.press("PageDown");
  await page.keyboard.press("PageDown");
  await page.keyboard.press("PageDown");
  await expect(page.getByRole("heading", { name: /2 Nov/ })).toBeVisible();
  await page.keyboard.press("PageUp");
  await expect(page.getByRole("heading", { name: /26 Oct – 1 Nov/ })).toBeVisible();
  await expect(page.getByRole("status").filter({ hasText: "October as of 10:42" })).toContainText(
    "November not read yet",
  );
  await expect(page.getByRole("gridcell", { name: "応接室 A, Sunday 1 November, not read" })).toBeVisible();
  await expectAccessible(page);
});

test("shows the same figures as a table by Ctrl Shift T", async ({ page }) => {
  await month(page);
  await page.keyboard.press("Control+Shift+T");
  const row = page.getByRole("row", { name: /大会議室 大阪/ });
  await expect(row.getByRole("cell").nth(1 + 1 + 13)).toHaveText(/35 %\s*1 overlap/);
  await page.keyboard.press("Control+Shift+T");
  await expect(grid(page)).toBeVisible();
});

test("narrows by floor and by part of a name in any width", async ({ page }) => {
  await month(page);
  await page.getByRole("combobox", { name: "Floor" }).selectOption("5F");
  await expect(page.getByRole("rowheader")).toHaveCount(5 + 1);
  await page.keyboard.press("/");
  await page.getByRole("searchbox", { name: "Find a room" }).fill("ふぉーかす");
  await expect(page.getByRole("rowheader")).toHaveCount(2 + 1);
  await page.getByRole("searchbox", { name: "Find a room" }).fill("nothing");
  await expect(page.getByText("No room matches")).toBeVisible();
  await page.getByRole("button", { name: "Clear filters" }).click();
  await expect(page.getByRole("rowheader")).toHaveCount(14 + 1);
});

test("keeps the pane out of the way at 200 % zoom until a cell is chosen", async ({ page }) => {
  await page.setViewportSize({ width: 640, height: 400 });
  await month(page);
  await expect(pane(page)).toBeHidden();
  await page.keyboard.press("Space");
  await expect(pane(page)).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await expect(pane(page)).toBeHidden();
});

test("draws only what is on screen of 500 rooms, and reaches the last cell by keyboard", async ({ page }) => {
  await open(page, { view: "rooms" });
  await page.goto(`${page.url().split("#")[0] ?? ""}&rooms=500#/rooms`);
  await expect(page.getByText(/^500 rooms/)).toBeVisible();
  await page.keyboard.press("g");
  await expect(focused(page)).toBeVisible();
  expect(await page.getByRole("rowheader").count()).toBeLessThan(30);
  await page.keyboard.press("Control+End");
  await expect(focused(page)).toHaveAccessibleName(/会議室 500, Friday 30 October/);
  await expect(focused(page)).toBeInViewport();
});
