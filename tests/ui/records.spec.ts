/** The administration records: every resource with its verbs, staged edits, one commit, conflicts, and a way back. */
import { expect, expectAccessible, faces, open, test, type Page } from "../../ui/browser-test.ts";

const row = (page: Page, name: RegExp) => page.getByRole("row", { name });
const field = (page: Page, name: string) => page.getByRole("textbox", { name });
const dialog = (page: Page) => page.getByRole("dialog");
const option = (page: Page, name: RegExp) => page.getByRole("option", { name });

async function change(page: Page): Promise<void> {
  await row(page, /0355500111/).click();
  await field(page, "代理内線番号").fill("34");
  await page.keyboard.press("Tab");
  await expect(page.getByText("1 change staged").last()).toBeVisible();
}

for (const face of faces) {
  test(`is accessible in ${face.lang} and ${face.theme}`, async ({ page }) => {
    test.slow();
    await open(page, { ...face, view: "records" });
    await expect(row(page, /0355500111/)).toBeVisible();
    await row(page, /0355500111/).click();
    await field(page, "代理内線番号").fill("34");
    await page.keyboard.press("Tab");
    await row(page, /0355500129/).click();
    await page.keyboard.press("Delete");
    await expectAccessible(page);
    await page.keyboard.press("Control+s");
    await expect(dialog(page)).toContainText("PUT");
    await expectAccessible(page);
  });
}

for (const fake of ["empty", "loading"] as const) {
  test(`is accessible when ${fake}`, async ({ page }) => {
    await open(page, { view: "records", fake });
    if (fake === "empty") await expect(page.getByText("No system with such records is connected")).toBeVisible();
    else await expect(page.getByRole("listbox").getByRole("option")).toHaveCount(19);
    await expectAccessible(page);
  });
}

test("lists each resource with what it allows, and goes through them by keyboard", async ({ page }) => {
  await open(page, { view: "records" });
  await expect(page.getByRole("listbox").getByRole("option")).toHaveCount(19);
  await expect(option(page, /^接続中クライアント, Connected clients, read$/)).toBeVisible();
  await expect(option(page, /^メッセージ定義_メール用, .*, read, create, update$/)).toBeVisible();
  await option(page, /^収容回線/).focus();
  await page.keyboard.press("ArrowDown");
  await expect(option(page, /^SIPサーバー/)).toHaveAttribute("aria-selected", "true");
  await expect(page.getByText("This record is reserved")).toBeVisible();
  await expect(field(page, "サーバーアドレス")).toHaveAttribute("readonly");
  await expect(page.locator("body")).not.toContainText('"a"');
});

test("stages by keyboard, counts in the navigation, and undoes step by step", async ({ page }) => {
  await open(page, { view: "records" });
  await row(page, /0355500110/).click();
  await page.keyboard.press("F2");
  await expect(field(page, "着信TEL")).toBeFocused();
  await change(page);
  await row(page, /0355500129/).click();
  await page.keyboard.press("Delete");
  await row(page, /0355500110/).click();
  await page.keyboard.press("Control+d");
  await expect(page.getByText("3 in 1 resource")).toBeVisible();
  await expect(page.getByRole("link", { name: /^SmartConnect/ }).first()).toContainText("3");
  await row(page, /0120555010/).click();
  await page.keyboard.press("Control+z");
  await page.keyboard.press("Control+z");
  await expect(page.getByText("1 change staged").last()).toBeVisible();
  await page.getByRole("button", { name: "Discard all" }).click();
  await expect(page.getByText("Nothing staged")).toBeVisible();
});

test("shows the requests, commits, and puts back what was committed", async ({ page }) => {
  await open(page, { view: "records" });
  await change(page);
  await page.keyboard.press("Control+s");
  await expect(dialog(page)).toContainText("PUT /ContainmentLine/3");
  await expect(dialog(page)).toContainText('"代理内線番号": "34"');
  await dialog(page).getByRole("button", { name: "Commit 1 change" }).click();
  await expect(dialog(page)).toContainText("1 of 1 done");
  await dialog(page).getByRole("button", { name: "Close" }).last().click();
  await expect(page.getByText("Nothing staged")).toBeVisible();
  await page.getByRole("tab", { name: "History" }).click();
  await page.getByRole("button", { name: "Put it back" }).click();
  await expect(dialog(page)).toContainText('"代理内線番号": "30"');
});

test("asks to type the name of what may start something", async ({ page }) => {
  await open(page, { view: "records" });
  await option(page, /^データバックアップ/).click();
  await expect(option(page, /^データバックアップ/)).toHaveAccessibleName(/may start something/);
  await field(page, "世代数").fill("9");
  await page.keyboard.press("Tab");
  await expect(page.getByText("1 change staged").last()).toBeVisible();
  await page.keyboard.press("Control+s");
  const commit = dialog(page).getByRole("button", { name: "Commit 1 change" });
  await expect(commit).toBeDisabled();
  await dialog(page).getByLabel("Type DataBackup to confirm").fill("DataBackup");
  await commit.click();
  await expect(dialog(page)).toContainText("1 of 1 done");
});

test("lets a conflict be decided field by field", async ({ page }) => {
  await open(page, { view: "records", fake: "unread" });
  await change(page);
  await page.keyboard.press("Control+s");
  await dialog(page).getByRole("button", { name: "Commit 1 change" }).click();
  await expect(dialog(page)).toContainText("Somebody else changed the same fields");
  await dialog(page).getByRole("button", { name: "Choose field by field" }).click();
  await expect(page.getByRole("radio")).toHaveCount(2);
  await expectAccessible(page);
  const take = dialog(page).getByRole("button", { name: "Take these" });
  await expect(take).toBeDisabled();
  await page.getByRole("radio", { name: "代理内線番号: there now" }).check();
  await take.click();
  await expect(page.getByText("Nothing staged")).toBeVisible();
});

test("says what was done and what was not when the service stops", async ({ page }) => {
  await open(page, { view: "records", fake: "broken" });
  await change(page);
  for (const name of [/0355500129/, /0355500120/]) {
    await row(page, name).click();
    await page.keyboard.press("Delete");
  }
  await page.keyboard.press("Control+s");
  await dialog(page).getByRole("button", { name: "Commit 3 changes" }).click();
  await expect(dialog(page)).toContainText("1 of 3 done");
  await expect(dialog(page).getByRole("listitem")).toContainText(["done", "unknown", "not done"]);
  await expectAccessible(page);
});

test("finds rows among many, and writes JSON where no field is known", async ({ page }) => {
  await open(page, { view: "records" });
  await option(page, /^顧客アドレス帳/).click();
  await expect(page.getByText("240 records")).toBeVisible();
  await page.keyboard.press("/");
  await page.keyboard.type("領収書");
  await expect(page.getByRole("row")).toHaveCount(2);
  await option(page, /^電話番号検索サイト/).click();
  await expect(page.getByText("Fields are learnt from the first one")).toBeVisible();
  await page.keyboard.press("Insert");
  await field(page, "Record as JSON").fill('{"サイト名":"検索"}');
  await page.getByRole("button", { name: "Stage this" }).click();
  await expect(page.getByText("1 change staged").last()).toBeVisible();
});

test("stages the own link once, and says where it is there already", async ({ page }) => {
  await open(page, { view: "records" });
  await option(page, /^着信時URL呼出/).click();
  const button = page.getByRole("button", { name: "Open Frontdesk on a call" });
  await button.click();
  await button.click();
  await expect(page.getByText("1 change staged").last()).toBeVisible();
  await expect(field(page, "URL")).toHaveValue("frontdesk://call?tel=");
  await expectAccessible(page);
  await page.keyboard.press("Control+s");
  await dialog(page).getByRole("button", { name: "Commit 1 change" }).click();
  await expect(dialog(page)).toContainText("1 of 1 done");
  await page.keyboard.press("Escape");
  await button.click();
  await expect(page.getByText("Record 2 opens Frontdesk already")).toBeVisible();
});

test("says what the fields mean without renaming them", async ({ page }) => {
  await open(page, { view: "records" });
  const head = page.getByRole("columnheader", { name: "代理内線番号" });
  await expect(head).toHaveAttribute("title", "Extension that answers instead");
  await row(page, /0355500111/).click();
  await expect(page.getByRole("tabpanel").locator("label", { hasText: "着信TEL" })).toHaveAttribute(
    "title",
    "Number that was called",
  );
  await open(page, { view: "records", lang: "ja" });
  await expect(page.getByRole("columnheader", { name: "代理内線番号" })).toHaveAttribute("title", "代わりに受ける内線");
});
