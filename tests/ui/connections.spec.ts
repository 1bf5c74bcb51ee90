/** Connections: health, secrets, the test, and making one. */
import { expect, expectAccessible, faces, open, test, type Page } from "../../ui/browser-test.ts";

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
  await page.getByRole("radio", { name: "Token" }).check();
  await page.getByRole("textbox", { name: "Token" }).fill("secret");
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  await expect(page.getByLabel("User ID")).toHaveAttribute("aria-invalid", "true");
  await expectAccessible(page);
});

test("replaces and forgets a secret, and never shows it", async ({ page }) => {
  await open(page, { view: "connections" });
  await page.getByRole("option", { name: /RingCentral/ }).click();
  await page.getByRole("button", { name: "Forget: Client secret" }).click();
  await page.getByRole("button", { name: "Forget secret" }).click();
  await expect(page.getByRole("row", { name: /Client secret/ }).getByText("not kept")).toBeVisible();
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

/** The person allows the sign-in in the browser, or says no there. */
const comeBack = (page: Page, isAllowed: boolean): Promise<void> =>
  page.evaluate((allowed) => window.frontdeskFake?.comeBack(allowed), isAllowed);

for (const face of faces) {
  test(`the sign-in is accessible in ${face.lang} and ${face.theme}`, async ({ page }) => {
    await open(page, { ...face, fake: "empty", view: "connections" });
    await page.keyboard.press("Control+n");
    await page.getByRole("combobox").selectOption("ring-central");
    const dialog = page.getByRole("dialog");
    await expect(dialog.getByRole("radio")).toHaveCount(2);
    await expectAccessible(page);
    await dialog.getByRole("textbox").nth(1).fill("8fJ2");
    await page.keyboard.press("Enter");
    await expect(dialog.getByRole("status")).toBeVisible();
    await expect(dialog.getByRole("status").getByRole("button")).toBeFocused();
    await expectAccessible(page);
  });

  test(`a sign-in that has ended is accessible in ${face.lang} and ${face.theme}`, async ({ page }) => {
    await open(page, { ...face, fake: "broken", view: "connections" });
    await page.getByRole("option", { name: /RingCentral/ }).click();
    await expectAccessible(page);
  });
}

test("signs in with the browser, by keyboard alone", async ({ page }) => {
  await open(page, { fake: "empty", view: "connections" });
  await page.keyboard.press("Control+n");
  await page.getByLabel("System").selectOption("ring-central");
  const dialog = page.getByRole("dialog", { name: "Add a connection" });
  await expect(dialog.getByRole("radio", { name: "In the browser" })).toBeChecked();
  await expect(dialog.getByRole("textbox", { name: "JWT credential" })).toHaveCount(0);
  await expect(dialog.getByText("Refresh token")).toHaveCount(0);
  await dialog.getByLabel("Client ID").fill("8fJ2");
  await page.keyboard.press("Enter");
  await expect(dialog.getByRole("status")).toContainText("Waiting for the browser");
  await comeBack(page, true);
  await expect(dialog).toBeHidden();
  await expect(page.getByText("RingCentral connected")).toBeVisible();
  await expect(page.getByText("5 of 6 fine")).toBeVisible();
  await expect(page.getByRole("row", { name: /Refresh token/ }).getByText("kept", { exact: true })).toBeVisible();
});

test("a sign-in that is refused or given up leaves the form as it was and no connection", async ({ page }) => {
  await open(page, { fake: "empty", view: "connections" });
  await page.keyboard.press("Control+n");
  await page.getByLabel("System").selectOption("ring-central");
  const dialog = page.getByRole("dialog", { name: "Add a connection" });
  const signIn = dialog.getByRole("button", { name: "Sign in with the browser" });
  await dialog.getByLabel("Client ID").fill("8fJ2");
  await signIn.click();
  await expect(dialog.getByRole("status")).toBeVisible();
  await comeBack(page, false);
  await expect(dialog.getByRole("alert")).toContainText("was not allowed in the browser");
  await expect(dialog.getByLabel("Client ID")).toHaveValue("8fJ2");
  await signIn.click();
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await expect(dialog.getByLabel("Client ID")).toHaveValue("8fJ2");
  await expect(dialog.getByRole("alert")).toHaveCount(0);
  await signIn.click();
  await expect(dialog.getByRole("status")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await expect(page.getByText("No connection yet")).toBeVisible();
});

test("asks for the key once it is chosen in place of the browser", async ({ page }) => {
  await open(page, { fake: "empty", view: "connections" });
  await page.keyboard.press("Control+n");
  await page.getByLabel("System").selectOption("ring-central");
  const dialog = page.getByRole("dialog", { name: "Add a connection" });
  await dialog.getByLabel("Client ID").fill("8fJ2");
  await dialog.getByRole("radio", { name: "In the browser" }).focus();
  await page.keyboard.press("ArrowRight");
  const key = dialog.getByRole("textbox", { name: "JWT credential" });
  await dialog.getByRole("button", { name: "Connect", exact: true }).click();
  await expect(key).toHaveAttribute("aria-invalid", "true");
  await expectAccessible(page);
  await key.fill("much-secret");
  await dialog.getByRole("button", { name: "Connect", exact: true }).click();
  await expect(page.getByText("RingCentral connected")).toBeVisible();
  expect(await page.content()).not.toContain("much-secret");
});

test("a sign-in that has ended is mended where it shows", async ({ page }) => {
  await open(page, { fake: "broken", view: "connections" });
  await page.getByRole("option", { name: /RingCentral/ }).click();
  const detail = page.getByRole("region", { name: "RingCentral" });
  const problem = detail.getByRole("alert").filter({ hasText: "sign-in has expired" });
  await expect(detail.getByText("The keyring did not take", { exact: false })).toBeVisible();
  await problem.getByRole("button", { name: "Sign in with the browser" }).click();
  await expect(detail.getByRole("status").getByRole("button", { name: "Cancel" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(detail.getByRole("status")).toHaveCount(0);
  await expect(problem.getByRole("button", { name: "Sign in with the browser" })).toBeFocused();
  await problem.getByRole("button", { name: "Sign in with the browser" }).click();
  await comeBack(page, false);
  await expect(detail.getByText("was not allowed in the browser", { exact: false })).toBeVisible();
  await problem.getByRole("button", { name: "Sign in with the browser" }).click();
  await comeBack(page, true);
  await expect(page.getByText("RingCentral signed in")).toBeVisible();
  await expect(detail.getByRole("alert")).toHaveCount(0);
  await expect(detail.getByText("5 of 6 fine")).toBeVisible();
  await expect(detail.getByRole("button", { name: "Sign in with the browser" })).toBeFocused();
});

test("what signing in brings is forgotten with a word of what that does, and never typed", async ({ page }) => {
  await open(page, { view: "connections" });
  await page.getByRole("option", { name: /RingCentral/ }).click();
  await expect(page.getByRole("button", { name: "Replace: Client secret" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Replace: Refresh token" })).toHaveCount(0);
  await page.getByRole("button", { name: "Forget: Refresh token" }).click();
  await expect(page.getByRole("dialog")).toContainText("ended at the system");
  await page.getByRole("button", { name: "Forget secret" }).click();
  await expect(page.getByRole("row", { name: /Refresh token/ }).getByText("not kept")).toBeVisible();
});

test("says how far the calls are read and what works in part", async ({ page }) => {
  await open(page, { view: "connections" });
  const row = page.getByRole("option", { name: /RingCentral/ });
  await expect(row).toContainText("Reading calls: 40 %");
  await row.click();
  const detail = page.getByRole("region", { name: "RingCentral" });
  await expect(detail.getByText("Reading calls: 40 %, done by about 11:05")).toBeVisible();
  await expect(detail.getByText("12,400 read so far")).toBeVisible();
  await expect(detail.getByRole("progressbar")).toHaveAttribute("value", "40");
  await expect(detail.getByText("Only your own calls are read", { exact: false })).toBeVisible();
  await expect(detail.getByText("asking every few seconds", { exact: false })).toBeVisible();
  await expect(detail.getByText("3 records could not be understood.", { exact: false })).toBeVisible();
});

for (const face of faces) {
  test(`the sign-in with a password is accessible in ${face.lang} and ${face.theme}`, async ({ page }) => {
    await open(page, { ...face, fake: "empty", view: "connections" });
    await page.keyboard.press("Control+n");
    await page.getByRole("combobox").selectOption("rocket-chat");
    const dialog = page.getByRole("dialog");
    await expect(dialog.getByRole("radio")).toHaveCount(2);
    await expectAccessible(page);
    await dialog.getByRole("textbox").nth(0).fill("https://rocket.example.jp");
    await dialog.getByRole("textbox").nth(1).fill("code");
    await dialog.getByRole("textbox").nth(2).fill("much-secret");
    await page.keyboard.press("Enter");
    await expect(dialog.getByRole("textbox")).toHaveCount(1);
    await dialog.getByRole("textbox").fill("1");
    await page.keyboard.press("Enter");
    await expect(dialog.getByRole("textbox")).toHaveAttribute("aria-invalid", "true");
    await expectAccessible(page);
  });
}

test("signs in with a password and a code, by keyboard alone, and shows neither afterwards", async ({ page }) => {
  await open(page, { fake: "empty", view: "connections" });
  await page.keyboard.press("Control+n");
  await page.getByLabel("System").selectOption("rocket-chat");
  const dialog = page.getByRole("dialog", { name: "Add a connection" });
  await dialog.getByLabel("Address").fill("https://rocket.example.jp");
  await dialog.getByLabel("User name", { exact: true }).last().fill("code");
  await page.keyboard.press("Enter");
  await expect(dialog.getByLabel("Password")).toHaveAttribute("aria-invalid", "true");
  await dialog.getByLabel("Password").fill("much-secret");
  await page.keyboard.press("Enter");
  const code = dialog.getByRole("textbox", { name: "Code" });
  await expect(code).toBeFocused();
  await dialog.getByRole("button", { name: "Send a code by e-mail" }).click();
  await expect(dialog.getByRole("status")).toContainText("may take a minute");
  await code.fill("1");
  await page.keyboard.press("Enter");
  await expect(dialog.getByText("does not accept this code", { exact: false })).toBeVisible();
  await expect(code).toHaveValue("");
  await expect(code).toBeFocused();
  await code.fill("246810");
  await page.keyboard.press("Enter");
  await expect(dialog).toBeHidden();
  await expect(page.getByText("Rocket.Chat connected")).toBeVisible();
  await expect(page.getByRole("row", { name: /Sign-in/ }).getByText("kept", { exact: true })).toBeVisible();
  expect(await page.content()).not.toContain("much-secret");
  expect(await page.content()).not.toContain("246810");
});

test("a password that is refused, or a code that nobody enters, leaves no connection", async ({ page }) => {
  await open(page, { fake: "empty", view: "connections" });
  await page.keyboard.press("Control+n");
  await page.getByLabel("System").selectOption("rocket-chat");
  const dialog = page.getByRole("dialog", { name: "Add a connection" });
  await dialog.getByLabel("Address").fill("https://rocket.example.jp");
  await dialog.getByLabel("User name", { exact: true }).last().fill("code");
  await dialog.getByLabel("Password").fill("wrong");
  await page.keyboard.press("Enter");
  await expect(dialog.getByText("does not accept this user name and password", { exact: false })).toBeVisible();
  await dialog.getByLabel("Password").fill("right");
  await page.keyboard.press("Enter");
  await expect(dialog.getByRole("textbox", { name: "Code" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await expect(page.getByText("No connection yet")).toBeVisible();
});

test("signs in anew with a password where a connection shows", async ({ page }) => {
  await open(page, { view: "connections" });
  await page.getByRole("option", { name: /Rocket\.Chat/ }).click();
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Sign in to Rocket.Chat" });
  await expect(dialog.getByRole("button", { name: "Sign in" })).toBeDisabled();
  await dialog.getByLabel("User name").fill("s.misaki");
  await dialog.getByLabel("Password").fill("wrong");
  await page.keyboard.press("Enter");
  await expect(dialog.getByLabel("Password")).toHaveAttribute("aria-invalid", "true");
  await expectAccessible(page);
  await dialog.getByLabel("Password").fill("much-secret");
  await page.keyboard.press("Enter");
  await expect(dialog).toBeHidden();
  await expect(page.getByText("Rocket.Chat signed in")).toBeVisible();
  await expect(page.getByRole("row", { name: /Sign-in/ }).getByText("kept", { exact: true })).toBeVisible();
});
