/** The address book: a table brought in after it was looked through, and the list written to a file. */
import { expect, expectAccessible, faces, open, test, type Page } from "../../ui/browser-test.ts";

const dialog = (page: Page) => page.getByRole("dialog");
const HEAD = "氏名,会社,電話番号,分類";
const ROWS = [
  "東村 一,東村商店,050-1000-0001,a",
  ",名前なし,050-1000-0002,a",
  "川瀬 浩,川瀬印刷所,03-5550-0126,b",
  "もう一人,,050-1000-0001,b",
  "短い行,1",
];

async function customers(page: Page): Promise<void> {
  await page.getByRole("tab", { name: /^(Customers|顧客)/ }).click();
  await expect(page.getByRole("row", { name: /川瀬 浩/ })).toBeVisible();
}

async function take(page: Page, lines: string[]): Promise<void> {
  const buffer = Buffer.from(lines.join("\n"), "utf-8");
  await page.locator("[data-customers-file]").setInputFiles({ name: "顧客.csv", mimeType: "text/csv", buffer });
}

for (const face of faces) {
  test(`is accessible in ${face.lang} and ${face.theme}`, async ({ page }) => {
    test.slow();
    await open(page, { ...face, view: "people" });
    await customers(page);
    await page.keyboard.press("Control+o");
    await take(page, [HEAD, ...ROWS]);
    await expect(dialog(page).getByRole("combobox")).toHaveCount(4);
    await expectAccessible(page);
    await dialog(page).getByRole("button").last().click();
    await expect(dialog(page).getByRole("listitem")).toHaveCount(5);
    await expectAccessible(page);
  });
}

test("looks every row through with its line, and adds who is new", async ({ page }) => {
  await open(page, { view: "people" });
  await customers(page);
  await page.keyboard.press("Control+o");
  await take(page, [HEAD, ...ROWS]);
  await expect(dialog(page)).toContainText("5 rows");
  await dialog(page).getByRole("button", { name: "Look it through" }).click();
  const rows = dialog(page).getByRole("listitem");
  await expect(rows).toContainText([
    /line 2\s*new\s*東村 一/,
    /line 3\s*unusable.*Name/,
    /line 4\s*known.*川瀬 浩.*In the address book.*Company.*川瀬印刷.*川瀬印刷所/,
    /line 5\s*twice.*The same number stands in line 2\./,
    /line 6\s*unusable.*It has not as many cells as the head\./,
  ]);
  await dialog(page).getByRole("combobox").selectOption({ label: "unusable 2" });
  await expect(rows).toHaveCount(2);
  await dialog(page).getByRole("button", { name: "Add 1 customer" }).click();
  await dialog(page).getByRole("combobox").selectOption({ label: "added 1" });
  await expect(rows).toContainText(["東村 一"]);
  await expect(dialog(page).getByRole("button", { name: /^Add / })).toHaveCount(0);
  await expectAccessible(page);
});

test("asks what the columns mean where their headings do not say", async ({ page }) => {
  await open(page, { view: "people" });
  await customers(page);
  await page.getByRole("button", { name: "Import" }).click();
  await take(page, ["お客様,電話", "東村 一,050-1000-0001"]);
  await expect(dialog(page)).toContainText("Say which column holds the name.");
  const look = dialog(page).getByRole("button", { name: "Look it through" });
  await expect(look).toBeDisabled();
  await dialog(page).getByLabel("お客様 means").selectOption({ label: "Name" });
  await dialog(page).getByLabel("電話 means").selectOption({ label: "Name" });
  await expect(dialog(page)).toContainText("Two columns mean “Name”.");
  await dialog(page).getByLabel("電話 means").selectOption({ label: "Number" });
  await look.click();
  await expect(dialog(page).getByRole("button", { name: "Add 1 customer" })).toBeVisible();
});

test("says what is no table", async ({ page }) => {
  await open(page, { view: "people" });
  await customers(page);
  await page.keyboard.press("Control+o");
  await take(page, ["x"]);
  await expect(dialog(page).getByRole("alert")).toContainText("no head");
  await page.keyboard.press("Escape");
  await expect(dialog(page)).toHaveCount(0);
});

test("writes the list to a file by keyboard", async ({ page }) => {
  await open(page, { view: "people" });
  await customers(page);
  await page.keyboard.press("Control+e");
  await expect(page.getByRole("menuitem")).toHaveText([/UTF-8/, /CP932/, /Excel/]);
  await page.keyboard.press("End");
  await page.keyboard.press("Enter");
  await expect(page.getByText(/11 customers written: .*Customers 2026-10-14\.xlsx/)).toBeVisible();
});
