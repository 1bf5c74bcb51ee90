/** A file with a message: attached, seen in each preview, sent with it, and taken off again. */
import { expect, expectAccessible, faces, open, test, type Page } from "../../ui/browser-test.ts";

const file = { name: "見積 & 請求 🛎.pdf", mimeType: "application/pdf", buffer: Buffer.alloc(700_000, 7) };
const text = (page: Page) => page.getByRole("textbox", { name: "Text" });
const preview = (page: Page, system: string) => page.getByRole("region", { name: `Preview for ${system}` });
const part = (page: Page) => page.getByRole("group", { name: "File", exact: true });

/** A person of one system and a room of another are chosen. */
async function choose(page: Page): Promise<void> {
  const to = page.getByRole("combobox").first();
  for (const words of ["鈴木", "tokyo"]) {
    await to.fill(words);
    await expect(page.getByRole("option").first()).toBeVisible();
    await to.press("Enter");
  }
}

async function attach(page: Page): Promise<void> {
  await page.locator("[data-message-file]").setInputFiles(file);
}

for (const face of faces) {
  test(`is accessible in ${face.lang} and ${face.theme}`, async ({ page }) => {
    test.slow();
    await open(page, { ...face, view: "composer" });
    await choose(page);
    await attach(page);
    await expect(page.getByText(file.name).first()).toBeVisible();
    await expectAccessible(page);
  });
}

test("each preview says whether the file goes along", async ({ page }) => {
  await open(page, { view: "composer" });
  await choose(page);
  await attach(page);
  await expect(part(page).getByText(file.name)).toBeVisible();
  await expect(part(page).getByText("700 kB")).toBeVisible();
  await expect(preview(page, "Rocket.Chat").getByText(`${file.name} goes along (700 kB)`)).toBeVisible();
  await expect(preview(page, "Chat&Messenger").getByText("File is left out here")).toBeVisible();
});

test("is chosen and taken off by keyboard", async ({ page }) => {
  await open(page, { view: "composer" });
  await choose(page);
  const button = part(page).getByRole("button", { name: "Attach file" });
  const chooser = page.waitForEvent("filechooser");
  // Pressed where it is, also if the form was drawn anew for the recipients a moment ago.
  await button.press("Enter");
  await (await chooser).setFiles(file);
  await expect(part(page).getByText(file.name)).toBeVisible();
  await part(page).getByRole("button", { name: "Remove file" }).focus();
  await page.keyboard.press("Enter");
  await expect(part(page).getByText(file.name)).toHaveCount(0);
  await expect(button).toBeFocused();
});

test("a file alone is a message where it is taken, and the outbox names it", async ({ page }) => {
  await open(page, { view: "composer" });
  const to = page.getByRole("combobox").first();
  await to.fill("tokyo");
  await expect(page.getByRole("option").first()).toBeVisible();
  await to.press("Enter");
  await attach(page);
  await expect(part(page).getByText(file.name)).toBeVisible();
  // The name stands there while it is read already; the press waits for the rest of it.
  await page.keyboard.press("Control+Enter");
  await page.clock.runFor(200);
  await expect(part(page).getByText(file.name)).toHaveCount(0);
  await page.getByRole("tab", { name: /Outbox/ }).click();
  await page.getByRole("option", { name: new RegExp("見積") }).click();
  await expect(page.getByRole("region", { name: "Delivery" }).getByText("700 kB")).toBeVisible();
});

test("where one system takes no file and there is no text, the text is missing", async ({ page }) => {
  await open(page, { view: "composer" });
  await choose(page);
  await attach(page);
  await expect(part(page).getByText(file.name)).toBeVisible();
  await page.keyboard.press("Control+Enter");
  await expect(text(page)).toHaveAttribute("aria-invalid", "true");
});

test("an empty file is told and not attached", async ({ page }) => {
  await open(page, { view: "composer" });
  await choose(page);
  await page.locator("[data-message-file]").setInputFiles({ ...file, buffer: Buffer.alloc(0) });
  await expect(part(page).getByText("Something is missing.")).toBeVisible();
  await expect(part(page).getByRole("button", { name: "Remove file" })).toHaveCount(0);
});
