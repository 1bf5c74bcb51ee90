/** What the settings say of the program outside its windows: keys that work from any program. */
import { expect, expectAccessible, open, test } from "../../ui/browser-test.ts";

test("keys from any program are recorded, said to be taken, and turned off", async ({ page }) => {
  await open(page, { view: "settings" });
  const keys = page.getByRole("button", { name: /^Look up a copied number: [^t]/ });
  await expect(keys).toHaveAccessibleName("Look up a copied number: Ctrl Alt L");

  await keys.click();
  await expect(keys).toHaveAccessibleName("Look up a copied number: Press the keys…");
  // A key without others held, and Shift alone, are no combination; nothing else happens by them.
  await page.keyboard.press("L");
  await page.keyboard.press("Shift+L");
  await page.keyboard.press("Control+Alt+1");
  await expect(keys).toHaveAccessibleName("Look up a copied number: Ctrl Alt 1");
  await expect(page.getByRole("heading", { level: 1, name: "Settings" })).toBeVisible();

  await page.evaluate(() => window.frontdeskFake?.reach({ look_up: "taken" }));
  await expect(page.getByText("Another program has these keys.")).toBeVisible();
  await expectAccessible(page);
  await page.evaluate(() => window.frontdeskFake?.reach({ look_up: "works" }));
  await expect(page.getByText("Another program has these keys.")).toBeHidden();

  await page.getByRole("button", { name: "Look up a copied number: turn off" }).click();
  await expect(keys).toHaveAccessibleName("Look up a copied number: Off");
  await expect(page.getByRole("button", { name: "Look up a copied number: turn off" })).toBeDisabled();
});

test("recording keys is left by Esc, and keys of the other row are refused", async ({ page }) => {
  await open(page, { view: "settings" });
  const keys = page.getByRole("button", { name: /^Into the window of who rings: [^t]/ });
  await keys.click();
  await page.keyboard.press("Escape");
  await expect(keys).toHaveAccessibleName("Into the window of who rings: Ctrl Alt P");
  await keys.press("Enter");
  await page.keyboard.press("Control+Alt+l");
  await expect(page.getByText("The other row has these keys already.")).toBeVisible();
  await expect(keys).toHaveAccessibleName("Into the window of who rings: Ctrl Alt P");
});

test("what closing does and how it starts are chosen, and what the computer refuses is said", async ({ page }) => {
  await open(page, { view: "settings" });
  const close = page.getByRole("checkbox", { name: "Stay beside the clock" });
  const start = page.getByRole("checkbox", { name: "Start hidden" });
  await expect(close).not.toBeChecked();
  await expect(start).not.toBeChecked();
  await close.press("Space");
  await expect(close).toBeChecked();
  await start.press("Space");
  await expect(start).toBeChecked();

  const none = page.getByText("This desktop shows no icon beside its clock");
  await expect(none).toHaveCount(0);
  await page.evaluate(() => window.frontdeskFake?.reach({ has_tray: false }));
  await expect(none).toHaveCount(2);
  await expectAccessible(page);
  await page.evaluate(() => window.frontdeskFake?.reach({ has_tray: true, is_start_refused: true }));
  await expect(none).toHaveCount(0);
  await expect(page.getByText("The computer did not let this be set.")).toBeVisible();

  // The last change is taken back.
  await page.getByRole("button", { name: "Undo" }).last().click();
  await expect(start).not.toBeChecked();
  await expect(close).toBeChecked();
});
