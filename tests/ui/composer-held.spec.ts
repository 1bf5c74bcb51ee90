/** Messages that wait: in the quiet hours, and for a connection that cannot be reached; always said before, and always with a way to send now. */
import { expect, expectAccessible, faces, open, test, type Page } from "../../ui/browser-test.ts";

const to = (page: Page) => page.getByRole("combobox").first();
const text = (page: Page) => page.getByRole("textbox").first();
const tab = (page: Page, name: RegExp) => page.getByRole("tab", { name });

async function write(page: Page, words: string, whom = "田中"): Promise<void> {
  await to(page).fill(whom);
  await expect(page.getByRole("option").first()).toBeVisible();
  await to(page).press("Enter");
  await text(page).fill(words);
}

/** It is eleven at night, and these hours are quiet. */
async function night(page: Page, asked: Parameters<typeof open>[1] = {}): Promise<void> {
  await open(page, { ...asked, view: "settings" });
  await page.getByRole("checkbox", { name: /Keep messages until they end|終了まで保留する/ }).check();
  await page.clock.setSystemTime(new Date("2026-10-14T14:00:00Z"));
  await page.clock.runFor(6_000);
  await page.evaluate(() => (window.location.hash = "/composer"));
}

for (const face of faces) {
  test(`what waits is accessible in ${face.lang} and ${face.theme}`, async ({ page }) => {
    test.slow();
    await open(page, { ...face, view: "composer", fake: "unread" });
    await write(page, "つながったら");
    await expect(page.getByText(/cannot be reached now|接続できません/)).toBeVisible();
    await expectAccessible(page);
    await night(page, face);
    await write(page, "明日の朝に");
    await expect(page.getByRole("button", { name: /Send at 8:00|8:00 に送信/ })).toBeVisible();
    await expectAccessible(page);
    await page.keyboard.press("Control+Enter");
    await expect(page.getByText(/Kept to be sent on .*8:00|8:00 に送信します。Frontdesk/)).toBeVisible();
    await expectAccessible(page);
  });
}

test("what is sent in the quiet hours leaves at their end, or now where a person says so", async ({ page }) => {
  await night(page);
  await expect(page.getByText(/Quiet hours until/)).toHaveCount(0);
  await write(page, "朝でよい");
  await expect(page.getByText("Quiet hours until 8:00: it leaves then", { exact: false })).toBeVisible();
  await page.getByRole("button", { name: "Send at 8:00" }).dblclick();
  await expect(page.getByText(/Kept to be sent on .*15 October.* 8:00/)).toBeVisible();
  await tab(page, /Outbox/).click();
  const plans = page.getByRole("region", { name: "To be sent later" });
  await expect(plans.getByText("朝でよい")).toHaveCount(1);
  await expect(page.getByRole("option", { name: /朝でよい/ })).toHaveCount(0);
  await tab(page, /Message/).click();
  await page.getByRole("button", { name: "Send now" }).click();
  await expect(page.getByRole("option", { name: /朝でよい/ })).toHaveCount(1);
  await expect(plans.getByText("朝でよい")).toHaveCount(0);
  await tab(page, /Message/).click();
  await write(page, "いますぐ");
  await page.getByRole("button", { name: "Send now" }).click();
  await page.clock.runFor(200);
  await expect(page.getByText("Sent to 田中 健一")).toBeVisible();
});

test("what is chosen to wait for its connection stays in the outbox until a person or the connection says so", async ({
  page,
}) => {
  await open(page, { view: "composer", fake: "unread" });
  await write(page, "つながったら");
  await expect(page.getByText("Chat&Messenger cannot be reached now.")).toBeVisible();
  await expect(page.getByRole("button", { name: /^Send Ctrl/ })).toBeVisible();
  await page.getByRole("checkbox", { name: "Send when connected" }).check();
  await expect(page.getByText(/as soon as Chat&Messenger can be reached, while Frontdesk runs/)).toBeVisible();
  await page.getByRole("button", { name: /^Send when connected/ }).dblclick();
  await page.clock.runFor(200);
  await expect(
    page.getByText("0 delivered. 1 leaves as soon as Chat&Messenger can be reached", { exact: false }),
  ).toBeVisible();
  await expect(text(page)).toHaveValue("");
  await page.getByRole("button", { name: "Open outbox" }).click();
  await expect(page.getByRole("option", { name: /つながったら/ })).toHaveCount(1);
  await page.getByRole("option", { name: /つながったら/ }).click();
  await expectAccessible(page);
  const pane = page.getByRole("region", { name: "Delivery" });
  await pane.getByRole("button", { name: "Send now" }).click();
  await expect(pane.getByText("Delivered")).toBeVisible();
});

test("a room counts as the people in it, and a large one is looked at once more", async ({ page }) => {
  await open(page, { view: "composer" });
  await write(page, "お知らせ", "海外営業");
  await expect(page.getByRole("button", { name: "1 room with 9 people" })).toBeVisible();
  await write(page, "全員へ", "全社お知らせ");
  await expect(page.getByRole("button", { name: "2 rooms with 309 people" })).toBeVisible();
  await page.keyboard.press("Control+Enter");
  const review = page.getByRole("dialog", { name: "Send to 2 rooms with 309 people" });
  await expect(review.getByText("300 members")).toBeVisible();
  await review.getByRole("button", { name: "Cancel" }).click();
  await expect(text(page)).toHaveValue("全員へ");
});

/** Puts a text into the field at once, as a paste does. */
async function put(page: Page, words: string, times = 1): Promise<void> {
  await text(page).evaluate(
    (field: HTMLTextAreaElement, { words, times }) => {
      field.value = words.repeat(times);
      field.dispatchEvent(new InputEvent("input", { bubbles: true }));
    },
    { words, times },
  );
}

test("a text of four megabytes is told to be too long, and the window goes on", async ({ page }) => {
  await open(page, { view: "composer" });
  await write(page, "", "#tokyo-office");
  await put(page, "長い文\n", 350_000);
  await page.keyboard.press("Control+Enter");
  await expect(page.getByText("The text is longer than the system takes.").first()).toBeVisible();
  await put(page, "短い文");
  await page.keyboard.press("Control+Enter");
  await page.clock.runFor(200);
  await expect(page.getByText(/^Sent to/)).toBeVisible();
});
