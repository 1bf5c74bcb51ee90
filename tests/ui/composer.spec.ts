/** The composer: one draft, sent once, followed until its outcome is known, and never lost. */
import { expect, expectAccessible, faces, open, test, type Page } from "../../ui/browser-test.ts";

const to = (page: Page) => page.getByRole("combobox", { name: "To", exact: true });
const text = (page: Page) => page.getByRole("textbox", { name: "Text" });
const preview = (page: Page) => page.getByRole("region", { name: "Preview" }).first();
const through = (page: Page, name: string) => page.getByLabel("Through").selectOption({ label: name });

/** Chooses 田中 健一 from the list and writes. */
async function write(page: Page, words: string): Promise<void> {
  await to(page).fill("田中");
  await expect(page.getByRole("option", { name: /田中 健一/ })).toBeVisible();
  await to(page).press("Enter");
  await text(page).fill(words);
}

for (const face of faces) {
  test(`is accessible in ${face.lang} and ${face.theme}`, async ({ page }) => {
    // The rules look at every half hour and row; a busy machine needs a while.
    test.slow();
    await open(page, { ...face, view: "composer" });
    await expectAccessible(page);
    const field = page.getByRole("combobox").nth(1);
    await field.fill("田");
    await expect(page.getByRole("option", { name: /田中 健一/ })).toBeVisible();
    await expectAccessible(page);
    await field.press("Enter");
    await field.fill("y.morita@example.jp,");
    await field.press("Enter");
    await page.getByRole("textbox").first().fill("折り返しをお願いいたします。\n番号: 06-5550-0118");
    await expectAccessible(page);
    await page.getByRole("tab").nth(1).click();
    await page.getByRole("option").nth(2).click();
    await expectAccessible(page);
  });
}

for (const fake of ["empty", "loading", "broken"] as const) {
  test(`is accessible when ${fake}`, async ({ page }) => {
    await open(page, { view: "composer", fake });
    if (fake === "empty") await expect(page.getByText("No system for messages is connected")).toBeVisible();
    await expectAccessible(page);
  });
}

test("finds recipients by keyboard, and takes typed addresses as they are", async ({ page }) => {
  await open(page, { view: "composer" });
  await to(page).fill("example");
  await expect(to(page)).toHaveAttribute("aria-expanded", "true");
  await to(page).press("ArrowDown");
  const active = await to(page).getAttribute("aria-activedescendant");
  await expect(page.locator(`[id="${active ?? ""}"]`)).toContainText("鈴木 大輔");
  await to(page).press("Enter");
  await expect(page.getByText("1 person", { exact: true })).toBeVisible();
  await to(page).fill("nobody@example.jp;");
  await to(page).press("Enter");
  await expect(page.getByText("1 address cannot be checked before sending.").first()).toBeVisible();
  await expect(page.getByText("2 people through Chat&Messenger")).toBeVisible();
  await to(page).press("Backspace");
  await expect(page.getByText("1 person through Chat&Messenger")).toBeVisible();
});

test("knows a typed address that is on the system's list", async ({ page }) => {
  await open(page, { view: "composer" });
  await to(page).fill("T.Kenichi@example.jp");
  await to(page).press("Escape");
  await to(page).press("Enter");
  await expect(page.getByRole("button", { name: "Remove 田中 健一" })).toBeVisible();
  await expect(page.getByText(/cannot be checked/)).toHaveCount(0);
});

test("sends by Ctrl and Enter, once however often it is pressed, and begins anew", async ({ page }) => {
  await open(page, { view: "composer" });
  await write(page, "来客です");
  await expect(page.getByRole("button", { name: "Send to 1 person" })).toBeVisible();
  await page.keyboard.press("Control+Enter");
  await page.keyboard.press("Control+Enter");
  await page.clock.runFor(200);
  await expect(page.getByText("Sent to 田中 健一")).toBeVisible();
  await expect(text(page)).toHaveValue("");
  await page.getByRole("tab", { name: /Outbox/ }).click();
  await expect(page.getByRole("option", { name: /来客です/ })).toHaveCount(1);
});

test("makes a new line by Enter and never sends while Japanese is being composed", async ({ page }) => {
  await open(page, { view: "composer" });
  await write(page, "一");
  await text(page).press("End");
  await text(page).press("Enter");
  await text(page).pressSequentially("二");
  await expect(text(page)).toHaveValue("一\n二");
  await text(page).dispatchEvent("keydown", {
    key: "Enter",
    ctrlKey: true,
    isComposing: true,
    bubbles: true,
  });
  await expect(text(page)).toHaveValue("一\n二");
  await expect(page.getByRole("button", { name: "Send to 1 person" })).toBeEnabled();
});

test("picks no recipient while Japanese is being composed", async ({ page }) => {
  await open(page, { view: "composer" });
  await to(page).fill("田中");
  await expect(page.getByRole("option", { name: /田中 健一/ })).toBeVisible();
  await to(page).dispatchEvent("keydown", {
    key: "Enter",
    isComposing: true,
    bubbles: true,
  });
  await expect(page.getByText("1 person", { exact: true })).toHaveCount(0);
});

test("keeps the text of a message whose outcome is unknown, and says what that means", async ({ page }) => {
  await open(page, { view: "composer" });
  await write(page, "不明な結果");
  await page.keyboard.press("Control+Enter");
  await page.clock.runFor(200);
  await expect(page.getByRole("alert")).toContainText("It may have arrived; look there before sending again.");
  await expect(page.getByText("The text is kept.")).toBeVisible();
  await expect(text(page)).toHaveValue("不明な結果");
  await expectAccessible(page);
  await page.keyboard.press("Control+Enter");
  await expect(page.getByRole("dialog", { name: "Send it again?" })).toContainText("Sending it again could double it");
  await page.keyboard.press("Escape");
  await expect(page.getByRole("tab", { name: "Outbox 3" })).toBeVisible();
});

test("keeps the text of a refused message with the system's words", async ({ page }) => {
  await open(page, { view: "composer", fake: "broken" });
  await write(page, "来客です");
  await page.keyboard.press("Control+Enter");
  await page.clock.runFor(200);
  await expect(page.getByRole("alert")).toContainText("error-not-allowed");
  await expect(text(page)).toHaveValue("来客です");
  await expect(page.getByRole("button", { name: "Send to 1 person" })).toBeEnabled();
});

test("keeps the draft when another view is shown and when the window is opened again", async ({ page }) => {
  await open(page, { view: "composer" });
  await write(page, "書きかけ");
  await page.keyboard.press("Control+2");
  await page.keyboard.press("Control+5");
  await expect(text(page)).toHaveValue("書きかけ");
  await page.reload();
  await expect(text(page)).toHaveValue("書きかけ");
  await expect(page.getByText("1 person through Chat&Messenger")).toBeVisible();
});

test("says what is missing when it is sent, and not before", async ({ page }) => {
  await open(page, { view: "composer" });
  await expect(page.getByText("There is no text yet.")).toHaveCount(0);
  await page.keyboard.press("Control+Enter");
  await expect(text(page)).toHaveAccessibleDescription("There is no text yet.");
  await expect(to(page)).toHaveAccessibleDescription("Nobody is chosen yet.");
  await expectAccessible(page);
});

test("counts against the limit of the system, and does not send above it", async ({ page }) => {
  await open(page, { view: "composer" });
  await expect(preview(page)).toContainText("No limit is published.");
  await through(page, "Rocket.Chat");
  await to(page).fill("emma.clarke");
  await to(page).press("Enter");
  await text(page).fill("あ".repeat(5_001));
  await expect(preview(page)).toContainText("5,001 / 5,000");
  await expect(text(page)).toHaveAttribute("aria-invalid", "true");
  await page.keyboard.press("Control+Enter");
  await expect(text(page)).toHaveValue(/^あ{5001}$/);
  await through(page, "RingCentral");
  await expect(preview(page)).toContainText("5,001 / 10,000");
  await expect(text(page)).toHaveAttribute("aria-invalid", "false");
});

test("offers a seal and cards only where the system has them", async ({ page }) => {
  await open(page, { view: "composer" });
  await expect(page.getByLabel("Sealed, ask for a read receipt")).toBeVisible();
  await expect(page.getByLabel(/Attachment cards/)).toHaveCount(0);
  await through(page, "Rocket.Chat");
  await expect(page.getByLabel("Sealed, ask for a read receipt")).toHaveCount(0);
  const cards = page.getByLabel(/Attachment cards/);
  await cards.fill('{"title":"x"}');
  await expect(cards).toHaveAccessibleDescription(/An array of objects is needed/);
  await cards.fill('[{"title":"折り返し依頼","color":"#b0261f","fields":[{"title":"待ち","value":"22 秒"}]}]');
  await expect(preview(page)).toContainText("折り返し依頼");
  await expect(preview(page)).toContainText("22 秒");
  await expect(preview(page)).toContainText("1 card");
  await expectAccessible(page);
});

test("writes to a room with mentions", async ({ page }) => {
  await open(page, { view: "composer" });
  await page.getByRole("radio", { name: "Room" }).click();
  await to(page).fill("海外");
  await expect(page.getByRole("option", { name: /海外営業/ })).toBeVisible();
  await to(page).press("Enter");
  const mention = page.getByRole("combobox", { name: "Mention" });
  await mention.fill("Emma");
  await expect(page.getByRole("option", { name: /Emma Clarke/ })).toBeVisible();
  await mention.press("Enter");
  await text(page).fill("14 時に集まってください。");
  await expect(preview(page)).toContainText("@Emma Clarke");
  await expectAccessible(page);
  await page.getByRole("button", { name: "Send to the room" }).dblclick();
  await page.clock.runFor(200);
  await expect(page.getByText("Sent to 海外営業")).toBeVisible();
});

test("lists everybody before sending to more than twenty", async ({ page }) => {
  await open(page, { view: "composer" });
  const many = Array.from({ length: 21 }, (_, index) => `u${index}@example.jp`).join(" ");
  await to(page).fill(many);
  await to(page).press("Enter");
  await text(page).fill("お知らせ");
  await page.keyboard.press("Control+Enter");
  const review = page.getByRole("dialog", { name: "Send to 21 people" });
  await expect(review.getByRole("listitem")).toHaveCount(21);
  await expectAccessible(page);
  await review.getByRole("button", { name: "Send to 21 people" }).click();
  await page.clock.runFor(200);
  await expect(page.getByText(/^Sent to u0@example.jp/)).toBeVisible();
});

test("shows what became of the last messages, and writes one again", async ({ page }) => {
  await open(page, { view: "composer" });
  await page.getByRole("tab", { name: /Outbox/ }).click();
  await page.getByRole("option").first().focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  const delivery = page.getByRole("region", { name: "Delivery" }).first();
  await expect(delivery).toContainText("It may have arrived; look there before sending again.");
  await delivery.getByRole("button", { name: "Write again" }).click();
  await expect(text(page)).toHaveValue("契約更新の件、16 時に応接室 A でお待ちです。");
  await expect(page.getByText("1 person through Chat&Messenger")).toBeVisible();
});

test("lets a person decide about a message whose outcome is unknown", async ({ page }) => {
  await open(page, { view: "composer" });
  await page.getByRole("tab", { name: /Outbox/ }).click();
  const unknown = page.getByRole("option", { name: /Unknown/ });
  await unknown.click();
  await expect(page.getByText("What is sent again may arrive twice.")).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Ask the server" }).click();
  await expect(page.getByRole("button", { name: "Ask the server" })).toHaveCount(0);
  await expect(unknown).toHaveCount(1);
  await page.getByRole("button", { name: "It arrived" }).click();
  await expect(unknown).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Send again" })).toHaveCount(0);
});

test("lets a person take back what waits for a sign-in", async ({ page }) => {
  await open(page, { view: "composer" });
  await page.getByRole("tab", { name: /Outbox/ }).click();
  const paused = page.getByRole("option", { name: /Your guest has arrived/ });
  await paused.click();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Do not send" }).click();
  await expect(page.getByText("It was taken back before it was sent.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Do not send" })).toHaveCount(0);
});
