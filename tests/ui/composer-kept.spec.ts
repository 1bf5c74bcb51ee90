/** What the composer keeps: templates, drafts put aside and messages that leave later; and keys of a composition, which send nothing. */
import { endComposition, expect, expectAccessible, faces, open, test, type Page } from "../../ui/browser-test.ts";

const to = (page: Page) => page.getByRole("combobox", { name: "To", exact: true });
const text = (page: Page) => page.getByRole("textbox", { name: "Text" });
const tab = (page: Page, name: RegExp) => page.getByRole("tab", { name });

async function write(page: Page, words: string): Promise<void> {
  await to(page).fill("t.kenichi@example.jp;");
  await to(page).press("Enter");
  await text(page).fill(words);
}

for (const face of faces) {
  test(`templates and plans are accessible in ${face.lang} and ${face.theme}`, async ({ page }) => {
    test.slow();
    await open(page, { ...face, view: "composer" });
    await page.getByRole("tab").nth(1).click();
    await expectAccessible(page);
    await page.getByRole("tab").nth(2).click();
    await expectAccessible(page);
  });
}

test("keeps a template, puts it into the message, and forgets it with a way back", async ({ page }) => {
  await open(page, { view: "composer" });
  await tab(page, /Templates/).click();
  await page.getByRole("button", { name: "New template" }).click();
  const pane = page.getByRole("region", { name: "Template" });
  await pane.getByLabel("Name").fill("会議");
  await pane.getByLabel("Text").fill("{{room}} は {{until}} までです。");
  await pane.getByRole("button", { name: "Save template" }).click();
  await expect(page.getByRole("option", { name: /会議/ })).toBeVisible();
  await expect(pane.getByText("Fields: {{room}} {{until}}")).toBeVisible();
  await pane.getByRole("button", { name: "Use in message" }).click();
  await expect(text(page)).toHaveValue("{{room}} は {{until}} までです。");
  await tab(page, /Templates/).click();
  await page.getByRole("option", { name: /会議/ }).click();
  await pane.getByRole("button", { name: "Delete" }).click();
  await expect(page.getByRole("option", { name: /会議/ })).toHaveCount(0);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByRole("option", { name: /会議/ })).toBeVisible();
});

test("puts a template in by the list of what can be inserted", async ({ page }) => {
  await open(page, { view: "composer" });
  await text(page).press("{");
  await page.keyboard.type("来客");
  await page.keyboard.press("Enter");
  await expect(text(page)).toHaveValue("{{caller}} 様がお見えです。{{room}} へお越しください。");
});

test("keeps a draft that was cleared among the last ones", async ({ page }) => {
  await open(page, { view: "composer" });
  await write(page, "後で続ける");
  await page.getByRole("button", { name: "Clear" }).click();
  await tab(page, /Templates/).click();
  await page.getByRole("button", { name: "Go on writing" }).click();
  await expect(text(page)).toHaveValue("後で続ける");
  await expect(page.getByRole("button", { name: "Remove 田中 健一" })).toBeVisible();
});

test("has a message leave later, and says that it needs the program", async ({ page }) => {
  await open(page, { view: "composer" });
  await write(page, "夕方に");
  await page.getByLabel("Send later").check();
  await expect(page.getByText(/Frontdesk sends it while it runs/)).toBeVisible();
  await page.getByLabel("When to send").fill("2026-10-14T09:00");
  await expect(page.getByRole("alert")).toContainText("This time has passed.");
  await page.keyboard.press("Control+Enter");
  await expect(text(page)).toHaveValue("夕方に");
  await page.getByLabel("When to send").fill("2026-10-14T17:00");
  await page.keyboard.press("Control+Enter");
  await expect(page.getByText(/Kept to be sent on .*17:00/)).toBeVisible();
  await expect(text(page)).toHaveValue("");
  await tab(page, /Outbox/).click();
  await expect(page.getByRole("option", { name: /夕方に/ })).toHaveCount(0);
  await expect(page.getByRole("region", { name: "To be sent later" })).toContainText("夕方に");
});

test("leaves what came due while it did not run to a person", async ({ page }) => {
  await open(page, { view: "composer" });
  await tab(page, /Outbox/).click();
  const plans = page.getByRole("region", { name: "To be sent later" });
  await expect(plans).toContainText(/Was due on .*9:00, 1 delivery. It was not sent./);
  await expect(page.getByRole("option", { name: /朝礼の資料/ })).toHaveCount(0);
  await plans.getByRole("button", { name: "New time" }).click();
  await plans.getByRole("button", { name: "Send at this time" }).click();
  await expect(plans).not.toContainText("Was due");
  await plans.getByRole("button", { name: "Send now" }).click();
  await expect(plans).toHaveCount(0);
  await expect(page.getByRole("option", { name: /朝礼の資料/ })).toHaveCount(1);
});

for (const order of ["chromium", "webkit"] as const) {
  test(`sends nothing by the Enter that ends a composition, in the order of ${order}`, async ({ page }) => {
    await open(page, { view: "composer" });
    await write(page, "変換中");
    await endComposition(page, order, true);
    await page.clock.runFor(200);
    await expect(text(page)).toHaveValue("変換中");
    await page.keyboard.press("Control+Enter");
    await page.clock.runFor(200);
    await expect(page.getByText("Sent to 田中 健一")).toBeVisible();
  });
}
