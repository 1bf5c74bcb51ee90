/** Activity: every write with its outcome, narrowed, written to a file, and whether the log is whole. */
import { expect, expectAccessible, faces, open, test, type Page } from "../../ui/browser-test.ts";

const row = (page: Page, name: RegExp) => page.getByRole("row", { name });
const rows = (page: Page) => page.locator("[data-row]:visible");
const pane = (page: Page) => page.getByRole("complementary");

for (const face of faces) {
  test(`the log and an entry are accessible in ${face.lang} and ${face.theme}`, async ({ page }) => {
    await open(page, { ...face, view: "activity" });
    await row(page, /収容回線 2/).click();
    await expect(pane(page).getByText("代理内線番号", { exact: true })).toBeVisible();
    await expect(pane(page).getByText("31", { exact: true })).toBeVisible();
    await expectAccessible(page);
  });
}

for (const fake of ["empty", "loading", "broken"] as const) {
  test(`says what is while the fixtures are ${fake}`, async ({ page }) => {
    await open(page, { view: "activity", fake });
    const words = { empty: "Nothing was changed from here yet", loading: "Activity", broken: "frontdesk.db" }[fake];
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
    await open(page, { view: "activity", lang: "ja" });
    await expect(row(page, /石田 恵/)).toBeInViewport();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
  });
}

test("is gone through by keyboard: search, down into the list, an entry, and back", async ({ page }) => {
  await open(page, { view: "activity" });
  await expect(rows(page)).toHaveCount(12);
  await page.keyboard.press("/");
  await page.keyboard.type("収容");
  await expect(rows(page)).toHaveCount(2);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await expect(row(page, /収容回線 9.*Not known/)).toBeFocused();
  await expect(pane(page).getByText("The program ended before an answer came", { exact: false })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(pane(page)).toHaveCount(0);
  await expect(row(page, /収容回線 9/)).toBeFocused();
});

test("only problems are what was refused, unknown or never told", async ({ page }) => {
  await open(page, { view: "activity" });
  await page.getByRole("button", { name: "Only problems" }).click();
  await expect(rows(page)).toHaveCount(3);
  await expect(row(page, /#general.*Refused/)).toBeVisible();
});

test("a log that was changed says from where, and cannot be overlooked", async ({ page }) => {
  await open(page, { view: "activity", log: "broken" });
  await expect(page.getByRole("button", { name: "Altered" })).toBeVisible();
  await expect(page.getByText("Entry 18,210 is not as it was written", { exact: false })).toBeVisible();
  await row(page, /石田 恵/).click();
  await expect(pane(page).getByText("From entry 18,210 on")).toBeVisible();
  await expectAccessible(page);
});

test("writes what is shown to a file and says where", async ({ page }) => {
  await open(page, { view: "activity" });
  await page.keyboard.press("Control+e");
  await expect(page.getByText("12 entries are in", { exact: false })).toBeVisible();
  await expect(page.getByRole("button", { name: "Show the file" })).toBeVisible();
});

test("a change is put back after asking, and one that somebody changed since is not", async ({ page }) => {
  await open(page, { view: "activity" });
  await row(page, /収容回線 2/).click();
  await page.keyboard.press("u");
  const ask = page.getByRole("dialog");
  await expect(ask.getByText("unless somebody changed it since", { exact: false })).toBeVisible();
  await expectAccessible(page);
  await ask.getByRole("button", { name: "Put it back" }).click();
  await expect(page.getByText("It is as it was before")).toBeVisible();
  await row(page, /Note written/).click();
  await pane(page).getByRole("button", { name: "Put it back" }).click();
  await ask.getByRole("button", { name: "Put it back" }).click();
  await expect(page.getByText("Not put back: somebody changed メモ since", { exact: false })).toBeVisible();
  await row(page, /田中 健一/).click();
  await expect(pane(page).getByRole("button", { name: "Put it back" })).toHaveCount(0);
});
