/** People of the chat room editor: roles chosen by name, the address list, and changes of members taken back. */
import { expect, expectAccessible, open, test, type Page } from "../../ui/browser-test.ts";

const admin = (page: Page) => page.getByLabel("Administrator, user ID", { exact: true });
const side = (page: Page) => page.getByRole("tabpanel");

test("an administrator is chosen by name, with the keyboard alone", async ({ page }) => {
  await open(page, { view: "chat-rooms" });
  await admin(page).fill("いとう");
  await expect(page.getByRole("option", { name: /伊藤/ }).first()).toHaveAttribute("aria-selected", "true");
  await expectAccessible(page);
  await admin(page).press("Enter");
  await expect(admin(page)).toHaveAccessibleDescription(/伊藤/);
  await expect(page.getByText(/^1 change to 1 room/)).toBeVisible();
  await admin(page).press("ArrowDown");
  await expect(page.getByRole("listbox", { name: /address list/i })).toBeVisible();
  const before = await admin(page).inputValue();
  await admin(page).press("Escape");
  await expect(admin(page)).toHaveValue(before);
});

test("an id that the list does not know is taken as it is", async ({ page }) => {
  await open(page, { view: "chat-rooms" });
  await admin(page).fill("q8Zt4LmXw02RbVdK7yHs");
  await expect(admin(page)).toHaveAccessibleDescription(/鈴木/);
  await admin(page).fill("nobodyKnown1234567890");
  await expect(admin(page)).toHaveValue("nobodyKnown1234567890");
});

test("somebody is taken off the address list, and put back", async ({ page }) => {
  await open(page, { view: "chat-rooms" });
  await page.getByRole("button", { name: "Address list" }).click();
  const dialog = page.getByRole("dialog");
  await expectAccessible(page);
  await dialog.getByLabel("Filter by name").fill("鈴木");
  await dialog.getByRole("button", { name: /Take 鈴木 大輔 off/ }).click();
  await expect(dialog.getByText("Nobody has this name.")).toBeVisible();
  await dialog.getByRole("button", { name: "Close" }).last().click();
  await expect(page.getByRole("row", { name: /鈴木 大輔 q8Zt4LmXw02RbVdK7yHs/ })).toHaveCount(0);
  await page.getByRole("button", { name: /Undo/ }).click();
  await expect(page.getByRole("row", { name: /鈴木 大輔 q8Zt4LmXw02RbVdK7yHs/ })).toBeVisible();
});

test("changes of members are taken back one by one, and none is left", async ({ page }) => {
  await open(page, { view: "chat-rooms" });
  const remove = page.getByRole("button", { name: /^Remove / });
  const count = await remove.count();
  await remove.first().click();
  await expect(page.getByText(/^1 change to 1 room/)).toBeVisible();
  await remove.first().click();
  await expect(page.getByText(/^2 changes to 1 room/)).toBeVisible();
  await page.keyboard.press("Control+z");
  await expect(page.getByText(/^1 change to 1 room/)).toBeVisible();
  await page.keyboard.press("Control+z");
  await expect(side(page)).toContainText("Nothing is changed.");
  await expect(remove).toHaveCount(count);
});
