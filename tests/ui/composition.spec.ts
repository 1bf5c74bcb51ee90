/** Japanese that is being composed: the Enter that ends it does nothing else, wherever Enter sends or picks, in the order of either engine. */
import { endComposition, expect, open, test } from "../../ui/browser-test.ts";

for (const order of ["chromium", "webkit"] as const) {
  test(`picks and takes no recipient, in the order of ${order}`, async ({ page }) => {
    await open(page, { view: "composer" });
    const to = page.getByRole("combobox", { name: "To", exact: true });
    await to.fill("田中");
    await expect(page.getByRole("option", { name: /田中 健一/ }).first()).toBeVisible();
    await endComposition(page, order, false);
    await expect(page.getByText("Nobody chosen yet")).toBeVisible();
    await expect(to).toHaveValue("田中");
    await endComposition(page, order, true);
    await expect(page.getByText("Nobody chosen yet")).toBeVisible();
    await to.press("Enter");
    await expect(page.getByRole("button", { name: "Remove 田中 健一" })).toBeVisible();
  });

  test(`tells no colleague of a missed call, in the order of ${order}`, async ({ page }) => {
    await open(page, { view: "today" });
    await expect(page.getByRole("row", { name: /西村 彩/ }).first()).toBeVisible();
    await page.locator("[role=row]", { hasText: "西村 彩" }).first().focus();
    await page.keyboard.press("m");
    const dialog = page.getByRole("dialog", { name: /^Message about/ });
    await dialog.getByRole("textbox", { name: "Message" }).fill("折り返し");
    await endComposition(page, order, true);
    await expect(dialog.getByRole("textbox", { name: "Message" })).toHaveValue("折り返し");
    await page.keyboard.press("Control+Enter");
    await expect(dialog).toBeHidden();
  });

  test(`asks nobody about a booking, in the order of ${order}`, async ({ page }) => {
    await open(page, { view: "rooms" });
    await page.locator("[data-block]", { hasText: "北浜デザイン" }).first().click();
    await expect(page.getByRole("heading", { name: "Organiser" })).toBeVisible();
    await page.keyboard.press("r");
    const dialog = page.getByRole("dialog", { name: "Ask 田中 健一" });
    await dialog.getByLabel("Message").focus();
    await endComposition(page, order, true);
    await expect(dialog).toBeVisible();
    await page.keyboard.press("Control+Enter");
    await expect(dialog).toBeHidden();
  });
}
