/** Bulk sending: a plan from a file, the dry run, the sending with its decisions, and a report. */
import { expect, expectAccessible, faces, open, test, type Page } from "../../ui/browser-test.ts";

const row = (page: Page, name: RegExp) => page.getByRole("row", { name });
const tab = (page: Page, name: RegExp) => page.getByRole("tab", { name });
const pane = (page: Page) => page.getByRole("complementary");
const file = { name: "年末年始.csv", mimeType: "text/csv", buffer: Buffer.from("to,name\n") };

/** Reads the invented file and looks it through. */
async function plan(page: Page, text: string): Promise<void> {
  // Before the screen is there, nobody hears a key.
  await expect(page.getByRole("progressbar")).toBeVisible();
  await page.keyboard.press("Control+n");
  await page.locator("[data-bulk-file]").setInputFiles(file);
  await expect(page.getByText("Shift_JIS (CP932)")).toBeVisible();
  await page.getByRole("textbox", { name: /^(Text|本文)$/ }).fill(text);
  await page.getByRole("button", { name: /Look through|送信前チェック/ }).click();
  await expect(page.getByRole("button", { name: /Send 40|40 件を送信/ })).toBeVisible();
}

for (const face of faces) {
  test(`sending, planning and the list are accessible in ${face.lang} and ${face.theme}`, async ({ page }) => {
    await open(page, { ...face, view: "bulk" });
    await expect(pane(page).getByRole("button", { name: /arrived: 三浦 大地|届いていた：三浦 大地/ })).toBeVisible();
    await expectAccessible(page);
    await page.keyboard.press("Control+n");
    await page.locator("[data-bulk-file]").setInputFiles(file);
    await expect(page.getByRole("table")).toBeVisible();
    await expectAccessible(page);
    await page.keyboard.press("Escape");
    await expect(page.getByRole("button", { name: /年末年始休業のお知らせ/ })).toBeVisible();
    await expectAccessible(page);
  });
}

for (const [width, height] of [
  [1024, 680],
  [640, 400],
] as const) {
  test(`fits ${width} by ${height}`, async ({ page }) => {
    await page.setViewportSize({ width, height });
    await open(page, { view: "bulk", lang: "ja" });
    await expect(tab(page, /すべて/)).toBeVisible();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
  });
}

test("a plan that is being sent opens where it is, and pauses and goes on with one key", async ({ page }) => {
  await open(page, { view: "bulk" });
  await expect(row(page, /^226,/)).toBeInViewport();
  await expect(row(page, /^221, .*Unknown/)).toBeInViewport();
  await page.keyboard.press("Space");
  await expect(page.getByRole("button", { name: "Go on" })).toBeVisible();
  await page.keyboard.press("Space");
  await expect(page.getByRole("button", { name: "Pause" })).toBeVisible();
});

test("what nobody knows is decided by a person, one by one and by key", async ({ page }) => {
  await open(page, { view: "bulk" });
  await expect(page.getByText("Only you can tell: 3")).toBeVisible();
  await tab(page, /Needs you/).click();
  await row(page, /^215, /).click();
  await page.keyboard.press("1");
  await expect(page.getByText("Only you can tell: 2")).toBeVisible();
  await expect(row(page, /^215, /)).toHaveCount(0);
  await row(page, /^212, /).click();
  await page.keyboard.press("3");
  await expect(page.getByText("Only you can tell: 1")).toBeVisible();
  await pane(page)
    .getByRole("button", { name: /^Send again: / })
    .click();
  await expect(page.getByText("Only you can tell", { exact: false })).toHaveCount(0);
});

test("nothing is sent before it was looked through and said so, also by keyboard", async ({ page }) => {
  await open(page, { view: "bulk" });
  await plan(page, "{{name}} 様");
  await expect(page.getByText("Looked through").first()).toBeVisible();
  await page.keyboard.press("Space");
  const ask = page.getByRole("alertdialog").or(page.getByRole("dialog"));
  await expect(ask.getByText("What was sent cannot be taken back.", { exact: false })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("button", { name: "Send 40" })).toBeVisible();
  await page.getByRole("button", { name: "Send 40" }).click();
  await ask.getByRole("button", { name: "Send 40" }).click();
  await expect(page.getByRole("button", { name: "Pause" })).toBeVisible();
});

test("a plan is discarded, and one that was begun is stopped, after asking", async ({ page }) => {
  await open(page, { view: "bulk" });
  await plan(page, "{{name}} 様");
  const ask = page.getByRole("alertdialog").or(page.getByRole("dialog"));
  await page.getByRole("button", { name: "Discard" }).click();
  await ask.getByRole("button", { name: "Discard" }).click();
  await page.getByRole("button", { name: /年末年始休業のお知らせ/ }).click();
  await page.getByRole("button", { name: "Stop for good" }).click();
  await expect(ask.getByText("254 messages that have not left are withheld", { exact: false })).toBeVisible();
  await ask.getByRole("button", { name: "Stop for good" }).click();
  await expect(page.getByText("254", { exact: true })).toBeVisible();
  await expect(page.getByText("withheld", { exact: true })).toBeVisible();
});

test("rows are found by what the dry run said, by recipient, and written to a file", async ({ page }) => {
  await open(page, { view: "bulk" });
  await pane(page)
    .getByRole("button", { name: /Show: 2 addresses/ })
    .click();
  await expect(row(page, /^481, /)).toBeVisible();
  await expect(row(page, /^226,/)).toHaveCount(0);
  await tab(page, /All/).click();
  await page.keyboard.press("/");
  await page.keyboard.type("user480@");
  await expect(row(page, /^480, /)).toBeVisible();
  await expect(page.locator("[data-row]:visible")).toHaveCount(1);
  await page.keyboard.press("Control+e");
  await expect(page.getByText("482 rows are in", { exact: false })).toBeVisible();
});
