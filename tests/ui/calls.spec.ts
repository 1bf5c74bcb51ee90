/** The list of calls and one call in detail. */
import { expect, expectAccessible, faces, open, test } from "../../ui/browser-test.ts";

for (const face of faces) {
  test(`is accessible in ${face.lang} and ${face.theme}`, async ({ page }) => {
    await open(page, face);
    await expect(page.getByRole("row", { name: /西村 彩/ }).first()).toBeVisible();
    await page.getByRole("row", { name: /10:31/ }).click();
    await expect(page.getByText("ニシムラ アヤ")).toBeVisible();
    await expectAccessible(page);
  });
}

for (const fake of ["empty", "loading", "broken"] as const) {
  test(`is accessible when ${fake}`, async ({ page }) => {
    await open(page, { fake });
    if (fake === "empty") {
      await expect(page.getByText("No calls yet")).toBeVisible();
      await expect(page.getByRole("button", { name: "Explore the demo" })).toBeVisible();
    }
    if (fake === "broken") await expect(page.getByText("disk I/O error")).toBeVisible();
    if (fake === "loading") await expect(page.getByRole("grid")).toHaveAttribute("aria-busy", "true");
    await expectAccessible(page);
  });
}

test("moves by keyboard, a row, a page and to the end of 214,880 calls", async ({ page }) => {
  await open(page);
  await page.getByRole("row", { name: /10:42/ }).click();
  await page.keyboard.press("ArrowDown");
  await expect(page.locator("[role=row]:focus")).toHaveAttribute("aria-rowindex", "3");
  await page.keyboard.press("PageDown");
  const index = Number(await page.locator("[role=row]:focus").getAttribute("aria-rowindex"));
  expect(index).toBeGreaterThan(15);
  await page.keyboard.press("End");
  await expect(page.locator("[role=row]:focus")).toHaveAttribute("aria-rowindex", "214881");
  await expect(page.locator("[role=row]:focus")).toHaveAttribute("aria-label", /.+/);
  await expect(page.locator("[role=row]:focus")).toBeInViewport();
  await page.keyboard.press("Home");
  await expect(page.locator("[role=row]:focus")).toHaveAttribute("aria-label", /山岸 恵子/);
});

test("is one Tab stop", async ({ page }) => {
  await open(page);
  await expect(page.getByRole("row", { name: /10:42/ })).toBeVisible();
  expect(await page.locator("[role=grid] [tabindex='0']").count()).toBe(1);
});

test("searches while one types, and says when nothing fits", async ({ page }) => {
  await open(page);
  await page.keyboard.press("/");
  await page.keyboard.type("北浜");
  await expect(page.getByRole("row", { name: /黒田/ })).toHaveCount(0);
  await expect(page.getByRole("row", { name: /西村 彩/ }).first()).toBeVisible();
  await page.getByRole("searchbox").fill("zzzz");
  await expect(page.getByText("No call matches")).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Clear filters" }).first().click();
  await expect(page.getByRole("row", { name: /黒田 亨/ }).first()).toBeVisible();
});

test("narrows to today's missed calls", async ({ page }) => {
  await open(page);
  await page.getByRole("combobox", { name: "Days" }).selectOption("today");
  await page.getByRole("combobox", { name: "Outcome" }).selectOption("missed");
  await expect(page.getByRole("row", { name: /Missed|No answer/ })).toHaveCount(6);
  await expect(page.getByText("6 calls", { exact: true })).toBeVisible();
});

test("leaves the rows where they are when a call comes in, and says so", async ({ page }) => {
  await open(page);
  await page.getByRole("row", { name: /10:42/ }).click();
  for (let i = 0; i < 3; i += 1) await page.keyboard.press("PageDown");
  const focused = page.locator("[role=row]:focus");
  const name = await focused.getAttribute("aria-label");
  const before = await focused.boundingBox();
  await page.evaluate(() => window.frontdeskFake?.ring());
  await expect(page.getByRole("button", { name: "1 new" })).toBeVisible();
  await expect(focused).toHaveAttribute("aria-label", name ?? "");
  expect((await focused.boundingBox())?.y).toBe(before?.y);
  await page.getByRole("button", { name: "1 new" }).click();
  await expect(page.locator("[role=row][aria-rowindex='2']")).toBeInViewport();
  await expect(page.getByRole("button", { name: "1 new" })).toBeHidden();
});

test("keeps the selection on its call when another comes in above", async ({ page }) => {
  await open(page);
  await page.getByRole("row", { name: /10:38/ }).click();
  await page.evaluate(() => window.frontdeskFake?.ring());
  await expect(page.locator("[role=row][aria-rowindex='4']")).toHaveAttribute("aria-selected", "true");
  await expect(page.locator("[role=row][aria-rowindex='4']")).toHaveAttribute("aria-label", /10:38/);
});

test("shows several customers as a list, never one by guess", async ({ page }) => {
  await open(page);
  await page.getByRole("row", { name: /9:03/ }).click();
  await expect(page.getByText("2 customers have this number")).toBeVisible();
  await expect(page.getByText("川瀬 芳江")).toBeVisible();
});

test("shows the record with every digit", async ({ page }) => {
  await open(page);
  await page.getByRole("row", { name: /10:31/ }).click();
  await page.getByText("Raw record").first().click();
  // A call that two systems saw has two records; that of the one which is shown comes first.
  const records = page.getByRole("region", { name: "Raw record" });
  await expect(records).toHaveCount(2);
  await expect(records.first()).toContainText('"internalId": 9007199254740993');
});

test("copies the number from the row by Ctrl and C", async ({ page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await open(page);
  await page.getByRole("row", { name: /10:31/ }).click();
  await page.keyboard.press("Control+c");
  await expect(page.getByText("06-5550-0118 copied")).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe("06-5550-0118");
  await page.keyboard.press("Control+Shift+c");
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe("+81655500118");
});

test("closes the pane by Esc and opens it by Enter", async ({ page }) => {
  await open(page);
  await page.getByRole("row", { name: /10:31/ }).click();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("complementary")).toBeHidden();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("complementary")).toBeVisible();
});

test("fits 640 by 400 as at 200 per cent zoom: the detail lies over the list after Enter", async ({ page }) => {
  await page.setViewportSize({ width: 640, height: 400 });
  await open(page, { lang: "ja" });
  await expect(page.getByRole("complementary")).toBeHidden();
  await page.getByRole("row", { name: /10:31/ }).click();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("complementary")).toBeVisible();
  await expectAccessible(page);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(640);
});
