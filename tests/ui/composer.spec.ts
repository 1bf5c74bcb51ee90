/** The composer: one draft, sent once, followed until its outcome is known, and never lost. */
import { expect, expectAccessible, faces, open, test, type Page } from "../../ui/browser-test.ts";

const to = (page: Page) => page.getByRole("combobox", { name: "To", exact: true });
const text = (page: Page) => page.getByRole("textbox", { name: "Text" });
const preview = (page: Page, system = "Chat&Messenger") => page.getByRole("region", { name: `Preview for ${system}` });
const send = (page: Page) => page.getByRole("button", { name: /^Send( Ctrl|$)/ });
const sum = (page: Page, words: string) => page.getByRole("button", { name: new RegExp(`^${words}`) });

/** Chooses 田中 健一 from the list and writes. */
async function write(page: Page, words: string): Promise<void> {
  await to(page).fill("田中");
  await expect(page.getByRole("option", { name: /田中 健一/ }).first()).toBeVisible();
  await to(page).press("Enter");
  await text(page).fill(words);
}

for (const face of faces) {
  test(`is accessible in ${face.lang} and ${face.theme}`, async ({ page }) => {
    // The rules look at every half hour and row; a busy machine needs a while.
    test.slow();
    await open(page, { ...face, view: "composer" });
    await expectAccessible(page);
    const field = page.getByRole("combobox").first();
    await field.fill("田");
    await expect(page.getByRole("option", { name: /田中 健一/ }).first()).toBeVisible();
    await expectAccessible(page);
    await field.press("Enter");
    await field.fill("y.morita@example.jp,");
    await field.press("Enter");
    await page.getByRole("textbox").first().fill("折り返しをお願いいたします。\n番号: 06-5550-0118");
    await expectAccessible(page);
    await page.getByRole("tab").nth(2).click();
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
  await expect(sum(page, "2 deliveries in 1 system")).toBeVisible();
  await to(page).press("Backspace");
  await expect(sum(page, "1 delivery in 1 system")).toBeVisible();
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
  await expect(send(page)).toBeEnabled();
});

test("picks no recipient while Japanese is being composed", async ({ page }) => {
  await open(page, { view: "composer" });
  await to(page).fill("田中");
  await expect(page.getByRole("option", { name: /田中 健一/ }).first()).toBeVisible();
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
  await expect(page.getByRole("tab", { name: "Outbox 4" })).toBeVisible();
});

test("keeps the text of a refused message with the system's words", async ({ page }) => {
  await open(page, { view: "composer", fake: "broken" });
  await write(page, "来客です");
  await page.keyboard.press("Control+Enter");
  await page.clock.runFor(200);
  await expect(page.getByRole("alert")).toContainText("error-not-allowed");
  await expect(text(page)).toHaveValue("来客です");
  await expect(send(page)).toBeEnabled();
});

test("keeps the draft when another view is shown and when the window is opened again", async ({ page }) => {
  await open(page, { view: "composer" });
  await write(page, "書きかけ");
  await page.keyboard.press("Control+2");
  await page.keyboard.press("Control+5");
  await expect(text(page)).toHaveValue("書きかけ");
  await page.reload();
  await expect(text(page)).toHaveValue("書きかけ");
  await expect(sum(page, "1 delivery in 1 system")).toBeVisible();
});

test("says what is missing when it is sent, and not before", async ({ page }) => {
  await open(page, { view: "composer" });
  await expect(page.getByText("There is no text yet.")).toHaveCount(0);
  await page.keyboard.press("Control+Enter");
  await expect(text(page)).toHaveAccessibleDescription("There is no text yet.");
  await expect(to(page)).toHaveAccessibleDescription("Nobody is chosen yet.");
  await expectAccessible(page);
});

test("counts against the limit of each system, and does not send above one", async ({ page }) => {
  await open(page, { view: "composer" });
  await expect(preview(page)).toContainText("No limit is published.");
  await to(page).fill("emma.clarke");
  await to(page).press("Escape");
  await to(page).press("Enter");
  await text(page).fill("あ".repeat(5_001));
  await expect(preview(page, "Rocket.Chat")).toContainText("5,001 / 5,000");
  await expect(text(page)).toHaveAttribute("aria-invalid", "true");
  await page.keyboard.press("Control+Enter");
  await expect(text(page)).toHaveValue(/^あ{5001}$/);
  await page.getByRole("button", { name: "Remove Emma Clarke" }).click();
  await to(page).fill("1004");
  await to(page).press("Escape");
  await to(page).press("Enter");
  await expect(preview(page, "RingCentral")).toContainText("5,001 / 10,000");
  await expect(preview(page, "RingCentral")).toContainText("312 / 2,500");
  await expect(text(page)).toHaveAttribute("aria-invalid", "false");
});

test("shows what each system keeps, changes and drops of one text with a card", async ({ page }) => {
  await open(page, { view: "composer" });
  await page.getByLabel("Sealed, ask for a read receipt").check();
  await text(page).fill("*至急* _折り返し_ :bell: `#301`");
  await page.keyboard.press("Control+Shift+A");
  await expect(page.getByRole("textbox", { name: "Title", exact: true })).toBeFocused();
  await page.keyboard.type("折り返し依頼");
  await page.getByRole("button", { name: "Add field" }).click();
  await page.getByLabel("Field title").fill("待ち");
  await expect(page.getByText("Line 6: a field of card 1 needs a title and a value.")).toBeVisible();
  await page.getByLabel("Value").fill("22 秒");
  await expectAccessible(page);
  const rocket = preview(page, "Rocket.Chat");
  await expect(rocket.locator("b", { hasText: "至急" })).toBeVisible();
  await expect(rocket.locator("i", { hasText: "折り返し" })).toBeVisible();
  await expect(rocket).toContainText("🔔");
  await expect(rocket).toContainText("1 card, 1 field");
  await expect(rocket).toContainText("No read receipt here.");
  await expect(preview(page)).toContainText("*至急* _折り返し_ :bell:");
  await expect(preview(page)).toContainText("Card is left out here");
  await expect(preview(page)).toContainText("Sealed letter");
  await expect(preview(page, "RingCentral")).toContainText("Card becomes 2 lines of text");
  await expect(preview(page, "RingCentral")).toContainText("待ち: 22 秒");
});

test("edits cards as JSON and as forms, in order, without touching what it does not know", async ({ page }) => {
  await open(page, { view: "composer" });
  await page.getByRole("button", { name: "Raw JSON" }).click();
  const raw = page.getByLabel("Attachment cards, JSON");
  await raw.fill('{"title":"x"}');
  await expect(raw).toHaveAccessibleDescription(/An array of objects is needed/);
  await raw.fill('[{"title": "x",\n"title_link": "javascript:alert(1)"}]');
  await expect(raw).toHaveAccessibleDescription(/Line 2: “title_link” of card 1 must begin with/);
  await raw.fill('[{"title":"一","ts":1234567890123456789},{"title":"二"}]');
  await page.getByRole("button", { name: "Raw JSON" }).click();
  const second = page.getByRole("group", { name: "Card 2" });
  await second.getByRole("textbox", { name: "Title", exact: true }).focus();
  await page.keyboard.press("Alt+ArrowUp");
  await expect(page.getByRole("group", { name: "Card 1" }).getByLabel("Title", { exact: true })).toHaveValue("二");
  await page.getByRole("group", { name: "Card 2" }).getByLabel("Start folded").check();
  await page.getByRole("button", { name: "Raw JSON" }).click();
  await expect(raw).toHaveValue(/1234567890123456789/);
  await expect(raw).toHaveValue(/"collapsed": true/);
  await page.getByRole("button", { name: "Raw JSON" }).click();
  await page.getByRole("button", { name: "Remove card" }).first().click();
  await expect(page.getByRole("group", { name: "Card 2" })).toHaveCount(0);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByRole("group", { name: "Card 2" })).toBeVisible();
});

test("writes to people and rooms of three systems at once, with mentions", async ({ page }) => {
  await open(page, { view: "composer" });
  await to(page).fill("海外");
  await expect(page.getByRole("option", { name: /海外営業/ })).toBeVisible();
  await to(page).press("Enter");
  const mention = page.getByRole("combobox", { name: "Mention" });
  await mention.fill("Emma");
  await expect(page.getByRole("option", { name: /Emma Clarke/ }).first()).toBeVisible();
  await mention.press("Enter");
  await to(page).fill("#tokyo-office");
  await expect(page.getByRole("option", { name: /tokyo-office/ })).toBeVisible();
  await to(page).press("Enter");
  await to(page).fill("1004;");
  await to(page).press("Enter");
  await text(page).fill("14 時に集まってください。");
  await expect(preview(page)).toContainText("@Emma Clarke");
  await expect(preview(page, "Rocket.Chat")).not.toContainText("@Emma Clarke");
  await expect(page.getByRole("button", { name: "1 person, 2 rooms" })).toBeVisible();
  await expectAccessible(page);
  await send(page).dblclick();
  await page.clock.runFor(200);
  await expect(page.getByText("All 3 deliveries arrived")).toBeVisible();
  await page.getByRole("tab", { name: /Outbox/ }).click();
  await expect(page.getByRole("option", { name: /14 時に集まってください/ })).toHaveCount(3);
});

test("takes a pasted list, and says what it did not take", async ({ page }) => {
  await open(page, { view: "composer" });
  await to(page).focus();
  await to(page).evaluate((field) => {
    const data = new DataTransfer();
    data.setData("text/plain", "田中 健一\ns.daisuke@example.jp; new@example.jp\n誰でもない");
    field.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
  });
  await expect(page.getByText("3 recipients taken from the list.")).toBeVisible();
  await expect(page.getByText(/Not taken.*誰でもない/)).toBeVisible();
  await sum(page, "3 deliveries in 1 system").click();
  const everybody = page.getByRole("dialog", { name: "3 people" });
  await expect(everybody.getByText("pasted")).toHaveCount(3);
  await expectAccessible(page);
  await everybody.getByRole("button", { name: "Remove 鈴木 大輔" }).click();
  await expect(page.getByRole("dialog", { name: "2 people" })).toBeVisible();
});

test("tests to oneself only, and says where to set one's own address", async ({ page }) => {
  await open(page, { view: "composer" });
  await write(page, "試しに");
  await page.keyboard.press("Control+T");
  await page.clock.runFor(200);
  await expect(page.getByText("Test: 1 arrived at you only, 0 did not.")).toBeVisible();
  await expect(text(page)).toHaveValue("試しに");
  await to(page).fill("#tokyo-office");
  await expect(page.getByRole("option", { name: /tokyo-office/ })).toBeVisible();
  await to(page).press("Enter");
  await page.keyboard.press("Control+T");
  await expect(page.getByText("A test needs your own address at Rocket.Chat.")).toBeVisible();
  await expect(page.getByRole("link", { name: "Set it in Settings" })).toBeVisible();
  await expectAccessible(page);
});

test("names who cannot be sent to, and sends to nobody then", async ({ page }) => {
  await open(page, { view: "composer" });
  await write(page, "全員に");
  await page.evaluate(() => {
    const kept = JSON.parse(localStorage.getItem("frontdesk.composer.draft") ?? "{}") as { to: object[] };
    kept.to.push({ ...kept.to[0], address: "a,b", name: "a,b", isKnown: false });
    localStorage.setItem("frontdesk.composer.draft", JSON.stringify(kept));
  });
  await page.reload();
  await send(page).click();
  await expect(page.getByRole("alert")).toContainText("Nothing was sent. a,b cannot be sent to.");
  await expect(text(page)).toHaveValue("全員に");
});

test("keeps those whom a message did not reach", async ({ page }) => {
  await open(page, { view: "composer", fake: "broken" });
  await write(page, "来客です");
  await to(page).fill("s.daisuke@example.jp;");
  await to(page).press("Enter");
  await page.keyboard.press("Control+Enter");
  await page.clock.runFor(200);
  await expect(page.getByText("0 delivered, 2 refused, 0 unknown.")).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Open outbox" }).click();
  await expect(page.getByRole("option", { name: /来客です/ })).toHaveCount(2);
});

test("marks fields in the text, inserts them by keyboard, and leaves out the line of an empty one", async ({
  page,
}) => {
  await open(page, { view: "composer" });
  await text(page).pressSequentially("用件: {");
  await expect(page.getByRole("combobox", { name: "Insert" })).toBeFocused();
  await page.keyboard.type("note");
  await expectAccessible(page);
  await page.keyboard.press("Enter");
  await expect(text(page)).toHaveValue("用件: {{note}}");
  await expect(text(page)).toBeFocused();
  await expect(preview(page)).toContainText("What you write appears here.");
  await page.getByLabel("{{note}} has no value.").fill("見積もり");
  await page.keyboard.press("Tab");
  await expect(preview(page)).toContainText("用件: 見積もり");
  await page.getByRole("button", { name: "Emoji" }).click();
  await page.keyboard.type("お礼");
  await page.keyboard.press("Escape");
  await expect(text(page)).toBeFocused();
});

test("clears with a way back", async ({ page }) => {
  await open(page, { view: "composer" });
  await write(page, "消してはいけない");
  await page.getByRole("button", { name: "Clear" }).click();
  await expect(text(page)).toHaveValue("");
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(text(page)).toHaveValue("消してはいけない");
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
  await review.getByRole("button", { name: "Send 21 deliveries" }).click();
  await page.clock.runFor(200);
  await expect(page.getByText("All 21 deliveries arrived")).toBeVisible();
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
  await expect(sum(page, "1 delivery in 1 system")).toBeVisible();
});

test("lets a person decide about a message whose outcome is unknown", async ({ page }) => {
  await open(page, { view: "composer" });
  await page.getByRole("tab", { name: /Outbox/ }).click();
  const unknown = page.getByRole("option", { name: /Unknown/ });
  await unknown.click();
  await expect(page.getByText("What is sent again may arrive twice.")).toBeVisible();
  await expectAccessible(page);
  // Its system does not know our ids, so nobody is offered to ask it.
  await expect(page.getByRole("button", { name: "Ask the server" })).toHaveCount(0);
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
