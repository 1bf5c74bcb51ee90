/** The jump field: finds people, customers, calls and bookings, goes there, and does what can be done. */
import { expect, expectAccessible, faces, open, test, type Page } from "../../ui/browser-test.ts";

const field = (page: Page) => page.getByRole("combobox", { name: /Go to or do anything|検索・移動・操作/ });
/** Opens it, and types once the keyboard is there. */
async function jump(page: Page, text = ""): Promise<void> {
  await page.keyboard.press("Control+k");
  await expect(field(page)).toBeFocused();
  await page.keyboard.type(text);
}
const option = (page: Page, name: RegExp | string) => page.getByRole("option", { name });

for (const face of faces) {
  test(`is accessible in ${face.lang} and ${face.theme}, empty and with what it found`, async ({ page }) => {
    await open(page, face);
    await jump(page);
    await expect(
      page
        .getByRole("listbox", { name: /What was found|見つかったもの/ })
        .getByRole("option")
        .first(),
    ).toBeVisible();
    await expectAccessible(page);
    await page.keyboard.type("田中");
    await expect(option(page, /^田中 健一/).first()).toBeVisible();
    await expectAccessible(page);
    await field(page).fill(">ぽぽぽ");
    await expect(page.getByText(/Nothing has this text|見つかりません/)).toBeVisible();
    await expectAccessible(page);
  });
}

for (const [width, height] of [
  [1024, 680],
  [640, 400],
] as const) {
  test(`fits ${width} by ${height}`, async ({ page }) => {
    await page.setViewportSize({ width, height });
    await open(page, { lang: "ja" });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    await page.getByRole("button", { name: "検索・移動・操作" }).click();
    const box = await page.getByRole("dialog").boundingBox();
    expect((box?.y ?? 0) + (box?.height ?? height + 1)).toBeLessThanOrEqual(height);
  });
}

test("opens a call that is found by a part of its number, and offers it again", async ({ page }) => {
  await open(page, { view: "today" });
  await jump(page, "#06-5550");
  await expect(option(page, /10:31 西村 彩/)).toBeVisible();
  await expect(page.getByRole("group", { name: "People" })).toHaveCount(0);
  await option(page, /10:31 西村 彩/).click();
  await expect(page).toHaveURL(/#\/calls$/);
  await expect(page.getByRole("complementary").getByRole("heading", { name: /西村 彩/ })).toBeVisible();
  await page.keyboard.press("Control+k");
  await expect(page.getByRole("group", { name: "Last opened" }).getByRole("option", { name: /西村 彩/ })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
});

test("goes to a person, and begins a message to them", async ({ page }) => {
  await open(page);
  await jump(page, "田中 健一");
  await expect(option(page, /^田中 健一/).first()).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/#\/people$/);
  await expect(page.getByRole("complementary").getByRole("heading", { name: /田中 健一/ })).toBeVisible();
  await jump(page, "田中 健一");
  await expect(option(page, "Message 田中 健一")).toBeVisible();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/#\/composer$/);
});

test("does what the view behind it can do, and goes anywhere", async ({ page }) => {
  await open(page);
  await jump(page, ">export");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog", { name: /Export/ })).toBeVisible();
  await page.keyboard.press("Escape");
  await jump(page, ">settings");
  await expect(option(page, /Go to Settings/)).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/#\/settings$/);
});

test("picks nothing with the Enter that ends a composition", async ({ page }) => {
  await open(page);
  await jump(page, "田中");
  await expect(option(page, /^田中 健一/).first()).toBeVisible();
  await field(page).evaluate((it) => {
    it.dispatchEvent(new CompositionEvent("compositionstart"));
    it.dispatchEvent(
      new KeyboardEvent("keydown", { key: "Enter", isComposing: true, bubbles: true, cancelable: true }),
    );
  });
  await expect(page.getByRole("dialog")).toBeVisible();
});
