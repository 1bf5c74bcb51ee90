/** The frame around every view: navigation, keys, language and theme, the demo. */
import { expect, expectAccessible, open, test } from "../../ui/browser-test.ts";

test("shows another view by Ctrl and a figure, and keeps what was selected there", async ({ page }) => {
  await open(page);
  await page
    .getByRole("row", { name: /川瀬 浩|川瀬印刷/ })
    .first()
    .click();
  await expect(page.getByRole("complementary").getByText("川瀬 浩").first()).toBeVisible();
  await page.keyboard.press("Control+9");
  await expect(page.getByRole("heading", { level: 1, name: "Activity" })).toBeVisible();
  await page.keyboard.press("Control+2");
  await expect(page.getByRole("heading", { level: 1, name: "Calls" })).toBeVisible();
  await expect(page.getByRole("complementary").getByText("川瀬 浩").first()).toBeVisible();
});

test("opens the sheet of shortcuts by ? and closes it by Esc, with the focus back", async ({ page }) => {
  await open(page);
  await page
    .getByRole("row", { name: /黒田 亨/ })
    .first()
    .click();
  await page.keyboard.press("?");
  const sheet = page.getByRole("dialog", { name: "Keyboard shortcuts" });
  await expect(sheet).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await expect(sheet).toBeHidden();
  await expect(page.locator("[role=row]:focus")).toHaveCount(1);
});

test("folds the navigation by Ctrl and B", async ({ page }) => {
  await open(page);
  const nav = page.getByRole("navigation");
  const wide = (await nav.boundingBox())?.width;
  await page.keyboard.press("Control+b");
  expect(wide).toBe(196);
  await expect.poll(async () => (await nav.boundingBox())?.width).toBe(52);
  await expectAccessible(page);
});

test("moves from pane to pane by F6", async ({ page }) => {
  await open(page);
  await expect(page.getByRole("complementary")).toBeVisible();
  const within = (selector: string): Promise<boolean> =>
    page.evaluate((it) => document.activeElement?.closest(it) !== null, selector);
  await page.keyboard.press("F6");
  expect(await within("nav")).toBe(true);
  await page.keyboard.press("F6");
  expect(await within("main")).toBe(true);
  await page.keyboard.press("F6");
  expect(await within("aside")).toBe(true);
  await page.keyboard.press("Shift+F6");
  expect(await within("aside")).toBe(false);
});

test("keeps letters that are being typed from being shortcuts", async ({ page }) => {
  await open(page, { view: "connections" });
  await page.keyboard.press("Control+n");
  await page.getByLabel("Address").fill("");
  await page.getByLabel("Address").press("?");
  await expect(page.getByRole("dialog", { name: "Keyboard shortcuts" })).toBeHidden();
});

test("says that a line rings, at once and in the top bar", async ({ page }) => {
  await open(page);
  await expect(page.getByRole("button", { name: /1 ringing/ })).toBeVisible();
  await expect(page.locator("[aria-live=assertive]")).toContainText("山岸 恵子");
});

test("wears the mark of the demo, with a way out", async ({ page }) => {
  await open(page, { demo: true });
  await expect(page.getByText("Nothing leaves this computer")).toBeVisible();
  await expect(page.getByRole("button", { name: "Leave the demo" })).toBeVisible();
  await expectAccessible(page);
});

test("changes the language without a reload, also of the document", async ({ page }) => {
  await open(page, { view: "settings" });
  await page.getByLabel("Language").selectOption("ja");
  await expect(page.getByRole("heading", { level: 1, name: "設定" })).toBeVisible();
  await expect(page.locator("html")).toHaveAttribute("lang", "ja");
});

test("shows the missed calls when asked from outside, and says where no number was copied", async ({ page }) => {
  await open(page);
  await page.evaluate(() => window.frontdeskFake?.go({ what: "missed" }));
  await expect(page.getByRole("heading", { level: 1, name: "Today" })).toBeVisible();
  await page.evaluate(() => window.frontdeskFake?.go({ what: "no_number" }));
  await expect(page.getByText("There is no telephone number on the clipboard.")).toBeVisible();
  await expect(page.getByRole("heading", { level: 1, name: "Today" })).toBeVisible();
  await page.evaluate(() => window.frontdeskFake?.go({ what: "number", number: "03-5550-0142" }));
  await expect(page.getByRole("heading", { level: 1, name: "Calls" })).toBeVisible();
});

for (const theme of ["light", "dark"] as const) {
  test.describe(`while its data is made ready, ${theme}`, () => {
    // Nobody has read the settings yet: it looks and speaks as the computer does.
    test.use({ locale: "ja-JP", colorScheme: theme });

    test("says what it waits for", async ({ page }) => {
      await open(page, { fake: "opening" });
      await expect(page.getByRole("heading", { name: "この PC に保存した内容を開いています…" })).toBeVisible();
      await expect(page.getByRole("main")).toContainText("更新のあとは 1 分ほどかかることがあります。");
      await expect(page.locator("html")).toHaveAttribute("data-theme", theme);
      await expectAccessible(page);
    });
  });
}
