/** People: who is who in which system, the health lists with their bulk actions, and the customers. */
import { expect, expectAccessible, faces, open, test, type Page } from "../../ui/browser-test.ts";

const row = (page: Page, name: RegExp) => page.getByRole("row", { name });
const rows = (page: Page) => page.locator("[data-row]:visible");
const tab = (page: Page, name: RegExp) => page.getByRole("tab", { name });
const pane = (page: Page) => page.getByRole("complementary");

for (const face of faces) {
  test(`every tab is accessible in ${face.lang} and ${face.theme}`, async ({ page }) => {
    await open(page, { ...face, view: "people" });
    await row(page, /田中/).click();
    await expect(pane(page).getByText("西村 彩").first()).toBeVisible();
    await expectAccessible(page);
    await tab(page, /Health|整合性/).click();
    await expect(row(page, /Minjun Kim/)).toBeVisible();
    await row(page, /Minjun Kim/).click();
    await page.keyboard.press("Space");
    await expectAccessible(page);
    await page.getByRole("button", { name: /left|退職後/ }).click();
    await expect(row(page, /山口 諒/)).toBeVisible();
    await expectAccessible(page);
    await tab(page, /Customers|顧客/).click();
    await expect(row(page, /西村 彩/)).toBeVisible();
    await expectAccessible(page);
  });

  test(`the dialogs are accessible in ${face.lang} and ${face.theme}`, async ({ page }) => {
    await open(page, { ...face, view: "people" });
    await row(page, /藤井 直子/).click();
    await page.keyboard.press("l");
    await page.getByRole("searchbox").last().fill("藤井");
    await expect(page.getByRole("dialog").getByText("@n.fujii")).toBeVisible();
    await expectAccessible(page);
    await page.keyboard.press("Escape");
    await tab(page, /Customers|顧客/).click();
    await page.getByRole("button", { name: /0120-555-019/ }).click();
    await expect(page.getByRole("dialog")).toBeVisible();
    await expectAccessible(page);
  });
}

for (const fake of ["empty", "loading", "broken"] as const) {
  test(`says what is while the fixtures are ${fake}`, async ({ page }) => {
    await open(page, { view: "people", fake });
    const words = { empty: "Nobody is known yet", loading: "Reading", broken: "disk I/O error" }[fake];
    await expect(page.getByText(words).first()).toBeAttached();
    await expectAccessible(page);
  });
}

for (const [width, height] of [
  [1024, 680],
  [640, 400],
] as const) {
  test(`fits ${width} by ${height}`, async ({ page }) => {
    await page.setViewportSize({ width, height });
    await open(page, { view: "people", lang: "ja" });
    await expect(row(page, /Emma Clarke/)).toBeInViewport();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    await expectAccessible(page);
  });
}

test("shows who is known where, why and since when", async ({ page }) => {
  await open(page, { view: "people" });
  await expect(
    row(page, /田中 健一, 204, .*: linked, .*: linked, 080-5550-0104, 会議室 301 until 11:30/),
  ).toBeVisible();
  await row(page, /田中 健一/).click();
  await expect(pane(page).getByText("会議室 301 until 11:30")).toBeVisible();
  await expect(row(page, /山口 諒, .*: linked, .*: out of use/)).toBeVisible();
  await expect(row(page, /김민준, 231, .*: maybe the same, .*: known/)).toBeVisible();
  await row(page, /Emma Clarke/).click();
  await expect(pane(page).getByText("linked by hand, since 2 Sept")).toBeVisible();
});

test("is walked by keyboard: found, taken apart, taken back, linked", async ({ page }) => {
  await open(page, { view: "people" });
  await page.keyboard.press("/");
  await page.keyboard.type("さとう");
  await expect(page.getByText("Nobody holds this text")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(row(page, /田中/)).toBeVisible();
  await page.keyboard.type("健一");
  await expect(rows(page)).toHaveCount(1);
  await page.keyboard.press("ArrowDown");
  await expect(row(page, /田中/)).toBeFocused();

  await page.keyboard.press("x");
  await expect(rows(page)).toHaveCount(2);
  await expect(page.getByText("田中 健一 stands alone again")).toBeVisible();
  await page.keyboard.press("Control+z");
  await expect(rows(page)).toHaveCount(1);

  await page.keyboard.press("/");
  await page.keyboard.press("Control+a");
  await page.keyboard.type("藤井 直子");
  await expect(row(page, /藤井 直子/)).toBeVisible();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("l");
  const dialog = page.getByRole("dialog", { name: "Links of 藤井 直子" });
  await expect(dialog.getByRole("searchbox")).toBeFocused();
  await page.keyboard.type("n.fujii");
  await dialog.getByRole("button", { name: "Link with 藤井直子" }).focus();
  await page.keyboard.press("Enter");
  await expect(dialog).toBeHidden();
  await expect(pane(page).getByText("linked by hand")).toBeVisible();
  await expect(page.locator("[data-row]:focus")).toBeVisible();
});

test("links and separates several at once, each with its way back", async ({ page }) => {
  await open(page, { view: "people" });
  await page.getByRole("button", { name: /maybe the same/ }).click();
  await expect(tab(page, /Health/)).toHaveAttribute("aria-selected", "true");
  await row(page, /Minjun Kim/).click();
  await page.keyboard.press("Control+a");
  await expect(page.getByText("2 of 2 chosen")).toBeVisible();
  await page.keyboard.press("l");
  await expect(page.getByText("2 pairs linked")).toBeVisible();
  await expect(page.getByText("Nothing to look at")).toBeVisible();
  await page.keyboard.press("Control+z");
  await expect(rows(page)).toHaveCount(2);
  await row(page, /Minjun Kim/).click();
  await page.keyboard.press("x");
  await expect(row(page, /Minjun Kim/)).toHaveCount(0);
  await page.keyboard.press("Control+z");
  await expect(row(page, /Minjun Kim/)).toBeVisible();
});

test("puts aside what is right as it is, and lists it again", async ({ page }) => {
  await open(page, { view: "people" });
  await page.getByRole("button", { name: /guests/ }).click();
  await row(page, /Grace Holloway/).click();
  await page.keyboard.press("e");
  await expect(row(page, /Grace Holloway/)).toHaveCount(0);
  await expect(page.getByText(/1 put aside/)).toBeVisible();
  await page.getByRole("button", { name: "List again" }).click();
  await expect(row(page, /Grace Holloway/)).toBeVisible();
});

test("begins a message to the person through the system that knows them", async ({ page }) => {
  await open(page, { view: "people" });
  await row(page, /田中/).click();
  await page.keyboard.press("m");
  await expect(page.getByRole("heading", { level: 1, name: "Compose" })).toBeVisible();
  await expect(page.getByText("1 delivery in 1 system")).toBeVisible();
  await expect(page.getByText("田中 健一").locator("visible=true").first()).toBeVisible();
});

test("copies what a telephone dials", async ({ page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await open(page, { view: "people" });
  await row(page, /田中/).click();
  await page.keyboard.press("c");
  await expect(page.getByText("204 copied")).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe("204");
});

test("finds customers, and puts a frequent caller into the address book", async ({ page }) => {
  await open(page, { view: "people" });
  await tab(page, /Customers/).click();
  await page.keyboard.press("/");
  await page.keyboard.type("にしむら");
  await expect(page.getByText("Nobody holds this text")).toBeVisible();
  await page.getByRole("button", { name: "Clear search" }).click();
  await page.keyboard.press("/");
  await page.keyboard.type("北浜");
  await expect(rows(page)).toHaveCount(1);
  await page.keyboard.press("ArrowDown");
  await expect(row(page, /西村 彩/)).toBeFocused();
  await expect(pane(page).getByText("請求は月末締め")).toBeVisible();

  await page.getByRole("button", { name: "Add 090-5550-0187 to the address book" }).click();
  await page.getByRole("button", { name: "Add to address book" }).last().click();
  await expect(page.getByText("A customer needs a name.")).toBeVisible();
  await page.getByRole("textbox", { name: "Name" }).fill("新田 一郎");
  await page.keyboard.press("Tab");
  await page.getByRole("dialog").getByRole("button", { name: "Add to address book" }).click();
  await expect(page.getByText("新田 一郎 is in the address book")).toBeVisible();
  await expect(page.getByRole("button", { name: "Add 090-5550-0187 to the address book" })).toHaveCount(0);
});
