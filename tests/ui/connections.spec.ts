/** Connections: health, secrets, the test, and making one. */
import { expect, expectAccessible, faces, open, test } from "../../ui/browser-test.ts";

for (const face of faces) {
  test(`is accessible in ${face.lang} and ${face.theme}`, async ({ page }) => {
    await open(page, { ...face, view: "connections" });
    await page.getByRole("option", { name: /RingCentral/ }).click();
    await page.keyboard.press("t");
    await expect(page.getByText("Misaki Sato").first()).toBeVisible();
    await expectAccessible(page);
  });
}

for (const fake of ["empty", "broken"] as const) {
  test(`is accessible when ${fake}`, async ({ page }) => {
    await open(page, { fake, view: "connections" });
    await expect(page.getByText(fake === "empty" ? "No connection yet" : "Offline since 9:58").first()).toBeVisible();
    await expectAccessible(page);
  });
}

test("moves in the list by the arrows and tests by T", async ({ page }) => {
  await open(page, { view: "connections" });
  await page.getByRole("option", { name: /Chat&Messenger/ }).click();
  await page.keyboard.press("End");
  await expect(page.getByRole("option", { name: /RingCentral/ })).toBeFocused();
  await page.keyboard.press("t");
  await expect(page.getByText("5 of 6 fine")).toBeVisible();
  await expect(page.getByText("This account may not do that", { exact: false })).toBeVisible();
});

test("asks before plain http, marks the connection for good and tests it once", async ({ page }) => {
  await open(page, { fake: "empty", view: "connections" });
  await page.getByRole("button", { name: "Add a connection" }).click();
  await expectAccessible(page);
  await page.getByLabel("System").selectOption("smart-connect");
  await page.getByLabel("Address").fill("http://192.168.10.20:55963");
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  await expect(page.getByText("the token travels unencrypted", { exact: false })).toBeVisible();
  const connect = page.getByRole("button", { name: "Connect", exact: true });
  await expect(connect).toBeDisabled();
  await page.getByRole("checkbox").check();
  await connect.click();
  await expect(page.getByText("SmartConnect connected")).toBeVisible();
  await expect(page.getByText("is not encrypted", { exact: false })).toBeVisible();
  await expect(page.getByText("4 of 4 fine")).toBeVisible();
});

test("marks the field that is missing", async ({ page }) => {
  await open(page, { fake: "empty", view: "connections" });
  await page.keyboard.press("Control+n");
  await page.getByLabel("System").selectOption("rocket-chat");
  await page.getByLabel("Address").fill("https://rocket.example.jp");
  await page.getByLabel("Token").fill("secret");
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  await expect(page.getByLabel("User ID")).toHaveAttribute("aria-invalid", "true");
  await expectAccessible(page);
});

test("replaces and forgets a secret, and never shows it", async ({ page }) => {
  await open(page, { view: "connections" });
  await page.getByRole("option", { name: /RingCentral/ }).click();
  await page.getByRole("button", { name: "Forget: Client secret" }).click();
  await page.getByRole("button", { name: "Forget secret" }).click();
  await expect(page.getByRole("row", { name: /Client secret/ }).getByText("missing")).toBeVisible();
  await page.getByRole("button", { name: "Replace: Client secret" }).click();
  await page.getByRole("dialog").getByLabel("Client secret").fill("much-secret");
  await page.getByRole("dialog").getByRole("button", { name: "Replace", exact: true }).click();
  await expect(page.getByRole("row", { name: /Client secret/ }).getByText("kept")).toBeVisible();
  expect(await page.content()).not.toContain("much-secret");
});

test("removes a connection only after asking", async ({ page }) => {
  await open(page, { view: "connections" });
  await page.getByRole("option", { name: /Rocket\.Chat/ }).click();
  await page.getByRole("button", { name: "Remove this connection" }).click();
  const dialog = page.getByRole("dialog", { name: "Remove “Rocket.Chat”?" });
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await page.getByRole("button", { name: "Remove this connection" }).click();
  await dialog.getByRole("button", { name: "Remove this connection" }).click();
  await expect(page.getByRole("option", { name: /Rocket\.Chat/ })).toHaveCount(0);
});
