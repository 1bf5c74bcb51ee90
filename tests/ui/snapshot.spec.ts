/** A snapshot of the administration records: saved, compared with what is there now, and chosen rows staged. */
import { expect, expectAccessible, faces, open, test, type Page } from "../../ui/browser-test.ts";

const dialog = (page: Page) => page.getByRole("dialog");

/** Compares with a file of this text. */
async function compare(page: Page, text = "{}"): Promise<void> {
  const buffer = Buffer.from(text, "utf-8");
  await page
    .locator("[data-snapshot-file]")
    .setInputFiles({ name: "SmartConnect 2026-10-09.json", mimeType: "application/json", buffer });
}

for (const face of faces) {
  test(`is accessible in ${face.lang} and ${face.theme}`, async ({ page }) => {
    await open(page, { ...face, view: "records" });
    await compare(page);
    await expect(dialog(page).getByRole("checkbox")).toHaveCount(5);
    await expectAccessible(page);
  });
}

test("saves everything by keyboard and says where", async ({ page }) => {
  await open(page, { view: "records" });
  await expect(page.getByRole("row", { name: /0355500111/ })).toBeVisible();
  await page.getByRole("button", { name: "Snapshot" }).focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("menuitem")).toHaveText([
    "Save a snapshot of everything",
    "Compare with a snapshot file",
  ]);
  await expectAccessible(page);
  await page.keyboard.press("Enter");
  await expect(
    page.getByText(/2,418 records of 19 resources, without secret values: .* records 2026-10-14\.json/),
  ).toBeVisible();
  await page.keyboard.press("Control+Shift+S");
  await expect(page.getByText(/2,418 records of 19 resources/)).toHaveCount(2);
});

test("says row by row what is different and what can be put back", async ({ page }) => {
  await open(page, { view: "records" });
  await compare(page);
  const lines = dialog(page).getByRole("listitem");
  await expect(dialog(page)).toContainText("Since the snapshot of 9 Oct 18:05");
  await expect(dialog(page)).toContainText("着信記録: 1,284 came and 0 went by themselves.");
  await expect(lines).toContainText([
    "Its former values are put back.",
    "It is deleted.",
    "It is added again, under a new number.",
    "This record is reserved by the service and can only be read.",
    "The service deletes no records here, so it stays.",
    "The snapshot has no value to put back for パスワード.",
    "It is added again, under a new number. Without パスワード.",
    "It is there again under number 12.",
  ]);
  await expect(lines.nth(3).getByRole("checkbox")).toHaveCount(0);
  await expect(dialog(page).getByRole("button", { name: "Stage", exact: true })).toBeDisabled();
});

test("stages what is chosen by keyboard, and the commit is the usual one", async ({ page }) => {
  await open(page, { view: "records" });
  await compare(page);
  await dialog(page)
    .getByRole("checkbox", { name: /^All that can be put back/ })
    .focus();
  await page.keyboard.press("Space");
  await expect(dialog(page).getByRole("button", { name: "Stage 4 changes" })).toBeVisible();
  await dialog(page)
    .getByRole("checkbox", { name: /回線No 8/ })
    .focus();
  await page.keyboard.press("Space");
  await dialog(page).getByRole("button", { name: "Stage 3 changes" }).click();
  await expect(dialog(page)).toHaveCount(0);
  await expect(page.getByText("3 in 2 resources")).toBeVisible();
  await page.keyboard.press("Control+s");
  await expect(dialog(page)).toContainText("PUT /ContainmentLine/3");
  await expect(dialog(page)).toContainText("POST /UserManagement");
});

test("narrows to one resource", async ({ page }) => {
  await open(page, { view: "records" });
  await compare(page);
  await dialog(page).getByRole("combobox").selectOption({ label: "ユーザー管理 2" });
  await expect(dialog(page).getByRole("listitem")).toHaveCount(2);
  await dialog(page)
    .getByRole("checkbox", { name: /^All that can be put back/ })
    .check();
  await expect(dialog(page).getByRole("button", { name: "Stage 1 change", exact: true })).toBeVisible();
});

test("says what is no snapshot, one of another address, and that nothing is different", async ({ page }) => {
  await open(page, { view: "records" });
  await compare(page, "not a snapshot");
  await expect(dialog(page).getByRole("alert")).toContainText("line 1, column 1");
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await expect(dialog(page)).toHaveCount(0);
  await compare(page, '{"address":"other.example","rows":"same"}');
  await expect(dialog(page)).toContainText("at another address");
  await expect(dialog(page)).toContainText("Nothing is different from the snapshot.");
});
