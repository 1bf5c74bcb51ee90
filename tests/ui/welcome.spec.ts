/** The first screen, and the settings. */
import { expect, expectAccessible, faces, open, test } from "../../ui/browser-test.ts";

for (const face of faces) {
  test(`the welcome is accessible in ${face.lang} and ${face.theme}`, async ({ page }) => {
    await open(page, { ...face, view: "welcome" });
    await expectAccessible(page);
  });

  test(`the settings are accessible in ${face.lang} and ${face.theme}`, async ({ page }) => {
    await open(page, { ...face, view: "settings" });
    await expectAccessible(page);
  });
}

test("connects the first system and opens Frontdesk", async ({ page }) => {
  await open(page, { view: "welcome" });
  await page.getByRole("button", { name: "Connect RingCentral" }).click();
  const dialog = page.getByRole("dialog", { name: "Add a connection" });
  await dialog.getByLabel("Client ID").fill("8fJ2");
  await dialog.getByRole("radio", { name: "JWT credential" }).click();
  await dialog.getByRole("textbox", { name: "JWT credential" }).fill("ey");
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Connect", exact: true }).click();
  await expect(page.getByText("Connected", { exact: true })).toBeVisible();
  await page.getByRole("button", { name: /Open Frontdesk/ }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Calls" })).toBeVisible();
});

test("says of a system that does not take the key that it is signed out, not that it is connected", async ({
  page,
}) => {
  await open(page, { view: "welcome" });
  await page.getByRole("button", { name: "Connect RingCentral" }).click();
  const dialog = page.getByRole("dialog", { name: "Add a connection" });
  await dialog.getByLabel("Client ID").fill("8fJ2");
  await dialog.getByRole("radio", { name: "JWT credential" }).click();
  await dialog.getByRole("textbox", { name: "JWT credential" }).fill("ey");
  await dialog.getByRole("button", { name: "Connect", exact: true }).click();
  await expect(page.getByText("Connected", { exact: true })).toBeVisible();
  await page.evaluate(() => window.frontdeskFake?.stand("ring-central", "signed_out"));
  await expect(page.getByText("Signed out", { exact: true })).toBeVisible();
  await expect(page.getByText("Connected", { exact: true })).toBeHidden();
  await expectAccessible(page);
});

test("is skipped by Esc", async ({ page }) => {
  await open(page, { view: "welcome" });
  await page.keyboard.press("Escape");
  await expect(page.getByRole("heading", { level: 1, name: "Calls" })).toBeVisible();
});

test("speaks the language that is chosen", async ({ page }) => {
  await open(page, { view: "welcome" });
  await page.getByLabel("Language").selectOption("ja");
  await expect(
    page.getByRole("heading", {
      level: 1,
      name: "通話、会議室、メッセージをひとつの受付に。",
    }),
  ).toBeVisible();
});

test("a setting is saved as changed and taken back by Ctrl and Z", async ({ page }) => {
  await open(page, { view: "settings" });
  await page.getByRole("radio", { name: "Dark" }).click();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await page.keyboard.press("Control+z");
  await expect(page.locator("html")).toHaveAttribute("data-theme", "light");
});

test("who works here stands at the foot of the navigation", async ({ page }) => {
  await open(page, { view: "settings" });
  await page.getByLabel("Who works here").fill("鈴木 大輔");
  await page.keyboard.press("Tab");
  await expect(page.getByRole("navigation").getByText("鈴木 大輔")).toBeVisible();
});
