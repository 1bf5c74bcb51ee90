/** The chat room editor: staged changes, one save, and the answer compared with what was asked. */
import { expect, expectAccessible, faces, open, test, type Page } from "../../ui/browser-test.ts";

const name = (page: Page) => page.getByLabel("Room name");
const side = (page: Page) => page.getByRole("tabpanel");
const option = (page: Page, text: string | RegExp) => page.getByRole("option", { name: text });

for (const face of faces) {
  test(`is accessible in ${face.lang} and ${face.theme}`, async ({ page }) => {
    // The rules look at every half hour and row; a busy machine needs a while.
    test.slow();
    await open(page, { ...face, view: "chat-rooms" });
    await expect(option(page, /海外営業/)).toHaveAttribute("aria-selected", "true");
    await expectAccessible(page);
    await page.getByRole("button", { name: /z6LbN3wQd70PsUf5Ae9X/ }).click();
    await expect(side(page)).toContainText("z6LbN3wQd70PsUf5Ae9X: true");
    await expectAccessible(page);
    await page.keyboard.press("Control+s");
    await expect(page.getByRole("dialog")).toBeVisible();
    await expectAccessible(page);
  });
}

for (const fake of ["empty", "loading"] as const) {
  test(`is accessible when ${fake}`, async ({ page }) => {
    await open(page, { view: "chat-rooms", fake });
    if (fake === "empty") await expect(page.getByText("No system with chat rooms is connected")).toBeVisible();
    await expectAccessible(page);
  });
}

test("stages changes as differences and the JSON that would be sent", async ({ page }) => {
  await open(page, { view: "chat-rooms" });
  await name(page).fill("海外営業部");
  await expect(side(page)).toContainText("海外営業部");
  await expect(page.getByText("1 change to 1 room")).toBeVisible();
  await page.getByRole("radio", { name: "Public" }).click();
  await expect(page.getByText("2 changes to 1 room")).toBeVisible();
  await page.keyboard.press("Control+j");
  await expect(page.getByRole("region", { name: "What will be sent" })).toContainText('"id": "1564831284702237059"');
  await expect(page.getByRole("region", { name: "What will be sent" })).toContainText('"iconType": 3');
  await page.getByRole("button", { name: "Discard" }).click();
  await expect(page.getByText("Nothing to save")).toBeVisible();
  await expect(name(page)).toHaveValue("海外営業");
  await page.getByRole("button", { name: /Undo/ }).click();
  await expect(page.getByText("2 changes to 1 room")).toBeVisible();
});

test("keeps staged changes when another room or view is shown, and when the window is opened again", async ({
  page,
}) => {
  await open(page, { view: "chat-rooms" });
  await name(page).fill("海外営業部");
  await option(page, /全社お知らせ/).click();
  await expect(name(page)).toHaveValue("全社お知らせ");
  await expect(option(page, /海外営業部/)).toContainText("1 change not saved");
  await page.reload();
  await expect(option(page, /海外営業部/)).toContainText("1 change not saved");
});

test("saves once after the review, and shows where the answer differs from what was asked", async ({ page }) => {
  await open(page, { view: "chat-rooms" });
  await page.getByRole("button", { name: "Remove z6LbN3wQd70PsUf5Ae9X" }).click();
  await page.keyboard.press("Control+s");
  const review = page.getByRole("dialog");
  await expect(review).toContainText("z6LbN3wQd70PsUf5Ae9X: true");
  await expect(review).toContainText("the vendor does not say whether a left-out member is removed");
  await expect(review.getByRole("button", { name: "Save room" })).toBeFocused();
  await page.keyboard.press("Control+s");
  await review.getByRole("button", { name: "Save room" }).dblclick();
  await expect(review).toBeHidden();
  await expect(side(page)).toContainText("The server’s answer differs from what was asked:");
  await expect(side(page)).toContainText("z6LbN3wQd70PsUf5Ae9X: true");
  await expect(page.getByText("Nothing to save")).toBeVisible();
  await expectAccessible(page);
});

test("makes a new room by keyboard, with pasted user ids", async ({ page }) => {
  await open(page, { view: "chat-rooms" });
  await page.keyboard.press("Control+n");
  await expect(name(page)).toBeFocused();
  await page.keyboard.type("受付連絡");
  await page.getByLabel("Administrator, user ID").fill("q8Zt4LmXw02RbVdK7yHs");
  await expect(page.getByText("Not among the members.")).toBeVisible();
  await page.getByRole("button", { name: "Paste IDs" }).click();
  await page
    .getByRole("textbox", { name: "User IDs" })
    .fill('"q8Zt4LmXw02RbVdK7yHs": true; Vn3kPz81QaUe5TjWm0Gx\ntanaka@example.jp');
  await expect(page.getByText("2 found, 2 new, 0 already members.")).toBeVisible();
  await expect(page.getByText("Left out: tanaka@example.jp")).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Add 2 members" }).click();
  await expect(page.getByText("Not among the members.")).toBeHidden();
  await expect(page.getByText("1 new room")).toBeVisible();
  await page.keyboard.press("Control+s");
  await expect(page.getByRole("dialog")).toContainText("受付連絡");
  await page.keyboard.press("Enter");
  await expect(side(page)).toContainText("The server kept the room as asked.");
  await expect(option(page, /受付連絡/)).toHaveAttribute("aria-selected", "true");
  await expect(page.getByRole("textbox", { name: "Room ID" })).toHaveValue("1564831284702237099");
});

test("walks the rooms and the members by arrows, one Tab stop each", async ({ page }) => {
  await open(page, { view: "chat-rooms" });
  await option(page, /海外営業/).focus();
  await page.keyboard.press("ArrowDown");
  await expect(option(page, /全社お知らせ/)).toBeFocused();
  await expect(name(page)).toHaveValue("全社お知らせ");
  await expect(page.locator("[role=grid] button[tabindex='0']")).toHaveCount(1);
  await page.locator("[role=grid] button[tabindex='0']").focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Delete");
  await expect(page.getByText("213 after saving: 0 added, 1 removed")).toBeVisible();
  await expect(page.getByRole("button", { name: /^Put .* back$/ })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByText("Nothing to save")).toBeVisible();
});

test("says under the field what cannot be sent", async ({ page }) => {
  await open(page, { view: "chat-rooms" });
  await name(page).fill("messenger");
  await expect(name(page)).toHaveAccessibleDescription(/cannot address a room of this name/);
  await expect(name(page)).toHaveAttribute("aria-invalid", "true");
  await expectAccessible(page);
});

test("shows the server's words beside the field that they name, and keeps the change", async ({ page }) => {
  await open(page, { view: "chat-rooms", fake: "broken" });
  await name(page).fill("海外営業部");
  await page.keyboard.press("Control+s");
  await page.getByRole("button", { name: "Save room" }).click();
  await expect(page.getByRole("dialog").getByRole("alert")).toContainText("adminUserId is not a member of this domain");
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await expect(page.getByLabel("Administrator, user ID")).toHaveAccessibleDescription(
    "adminUserId is not a member of this domain",
  );
  await expect(name(page)).toHaveValue("海外営業部");
});

test("adds members found in the address list by reading, and names them everywhere", async ({ page }) => {
  await open(page, { view: "chat-rooms" });
  await expect(page.getByRole("row", { name: /鈴木 大輔 q8Zt4LmXw02RbVdK7yHs/ })).toBeVisible();
  const field = page.getByLabel("Add by name, e-mail or user ID");
  await field.fill("いとう");
  const found = page.getByRole("listbox", { name: "People in the address list" }).getByRole("option");
  await expect(found).toHaveCount(2);
  await field.press("ArrowDown");
  await expect(found.nth(1)).toHaveAttribute("aria-selected", "true");
  await expect(field).toHaveAccessibleDescription(/2 people found/);
  await expectAccessible(page, "main[aria-label='Chat rooms']");
  await field.press("Enter");
  await expect(field).toHaveValue("");
  await expect(side(page)).toContainText("伊東 誠 T4cYm1GzR8hViEo2Kx6J: true");
  await field.fill("emma@example.jp");
  await expect(found).toHaveCount(0);
  await field.press("Enter");
  await expect(field).toHaveAccessibleDescription(/cannot be a user ID/);
});

test("takes people in from a table, shown first, and takes that back", async ({ page }) => {
  await open(page, { view: "chat-rooms" });
  await page.getByRole("button", { name: "CSV" }).click();
  await page.getByLabel("Or paste rows, with their head").fill("名前,電話");
  await expect(page.getByRole("dialog").getByRole("alert")).toContainText("uid");
  const rows =
    "uid,名前,部署,内線\nk1aaaaaaaaaaaaaaaaaa,小川 恵,経理部,12\nq8Zt4LmXw02RbVdK7yHs,鈴木 大介,営業部,7\n,誰か,,\n";
  await page
    .locator("[data-chat-table]")
    .setInputFiles({ name: "p.csv", mimeType: "text/csv", buffer: Buffer.from(rows) });
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("2 people, 1 not in this room yet.");
  await expect(dialog).toContainText("left out: 4");
  await expect(dialog).toContainText("Columns left out: 内線");
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Add 1 member" }).click();
  await expect(side(page)).toContainText("小川 恵 k1aaaaaaaaaaaaaaaaaa: true");
  await expect(page.getByRole("row", { name: /鈴木 大介/ })).toBeVisible();
  await page.getByRole("button", { name: /Undo/ }).click();
  await expect(page.getByRole("row", { name: /鈴木 大輔/ })).toBeVisible();
});

test("keeps long numbers digit for digit through the JSON that is edited, and refuses another room's id", async ({
  page,
}) => {
  await open(page, { view: "chat-rooms" });
  await page.keyboard.press("Control+j");
  await page.getByRole("button", { name: "Edit JSON" }).click();
  const json = page.getByLabel("Room JSON");
  await expect(json).toHaveValue(/"stamp": 1564831284702237059/);
  await expectAccessible(page, "aside[aria-label='Changes and answer']");
  const text = await json.inputValue();
  await json.fill(text.replace('"iconType": 3', '"iconType": 15648312847022370591564'));
  await json.press("Control+Enter");
  await expect(side(page)).toContainText("15648312847022370591564");
  const sends = page.getByRole("region", { name: "What will be sent" });
  await expect(sends).toContainText('"iconType": 15648312847022370591564');
  await expect(sends).toContainText('"stamp": 1564831284702237059');
  await expect(page.getByText("1 change to 1 room")).toBeVisible();
  await page.keyboard.press("Control+j");
  await page.getByRole("button", { name: "Edit JSON" }).click();
  await json.fill(text.replace("1564831284702237059", "1564831284702237060"));
  await page.getByRole("button", { name: "Take over" }).click();
  await expect(page.getByRole("textbox", { name: "Room ID" })).toHaveAccessibleDescription(
    /This room’s ID is 1564831284702237059/,
  );
  await expect(page.getByRole("button", { name: /Review and save/ })).toBeEnabled();
  await page.keyboard.press("Control+s");
  await expect(page.getByRole("dialog").getByRole("button", { name: "Save room" })).toBeDisabled();
});

test("stages a former version whole, and saves it like any change", async ({ page }) => {
  await open(page, { view: "chat-rooms" });
  await name(page).fill("海外営業部");
  await page.keyboard.press("Control+s");
  await page.getByRole("button", { name: "Save room" }).click();
  await page.getByRole("tab", { name: "Versions" }).click();
  const versions = page.getByRole("listbox", { name: "Versions" });
  await expect(versions.getByRole("option")).toHaveCount(2);
  await expect(page.getByRole("button", { name: "Apply this one again" })).toBeDisabled();
  await versions.getByRole("option").first().focus();
  await page.keyboard.press("ArrowDown");
  await expect(versions.getByRole("option").last()).toBeFocused();
  await expectAccessible(page, "aside[aria-label='Changes and answer']");
  await page.getByRole("button", { name: "Apply this one again" }).click();
  await expect(name(page)).toHaveValue("海外営業");
  await expect(side(page)).toContainText("海外営業部");
  await page.keyboard.press("Control+s");
  await page.getByRole("button", { name: "Save room" }).click();
  await page.getByRole("tab", { name: "Versions" }).click();
  await expect(versions.getByRole("option")).toHaveCount(3);
});

test("tries a change on the test room, which keeps its name, and keeps the change staged", async ({ page }) => {
  await open(page, { view: "chat-rooms" });
  await expect(page.getByRole("button", { name: "Try on the test room" })).toHaveCount(0);
  await option(page, /障害対応/).click();
  await page.getByRole("button", { name: "Use as the test room" }).click();
  await expect(option(page, /障害対応/)).toContainText("test");
  await option(page, /海外営業/).click();
  await name(page).fill("海外営業部");
  await page.getByRole("radio", { name: "Public" }).click();
  await page.getByRole("button", { name: "Try on the test room" }).click();
  const review = page.getByRole("dialog", { name: "Try on “障害対応”" });
  await expect(review).toContainText("isPublic");
  await expect(review).not.toContainText("海外営業部");
  await expectAccessible(page);
  await review.getByRole("button", { name: "Save to the test room" }).click();
  await expect(side(page)).toContainText("Tried on “障害対応”. The room itself was not changed.");
  await expect(option(page, /海外営業部/)).toContainText("2 changes not saved");
});

test("offers false as a second step where somebody who was left out is still there", async ({ page }) => {
  await open(page, { view: "chat-rooms" });
  await page.getByRole("button", { name: "Remove z6LbN3wQd70PsUf5Ae9X" }).click();
  await page.keyboard.press("Control+s");
  await page.getByRole("button", { name: "Save room" }).click();
  await page.getByRole("button", { name: "Set 1 to false" }).click();
  await expect(side(page)).toContainText("z6LbN3wQd70PsUf5Ae9X: false");
  await expect(page.getByText("1 change to 1 room")).toBeVisible();
});

test("imports a room from pasted JSON, and says what is wrong with it", async ({ page }) => {
  await open(page, { view: "chat-rooms" });
  await page.getByRole("button", { name: "Import room JSON" }).click();
  await page.getByLabel("Room JSON").fill("{");
  await page.getByRole("button", { name: "Import room", exact: true }).click();
  await expect(page.getByRole("dialog").getByRole("alert")).toContainText("cannot be read");
  await expectAccessible(page);
  await page.getByLabel("Room JSON").fill('{"id":"77","name":"取り込み","memberUids":{"abc":true}}');
  await page.keyboard.press("Control+Enter");
  await expect(option(page, /取り込み/)).toHaveAttribute("aria-selected", "true");
  await expect(option(page, /取り込み/)).toContainText("imported, never saved here");
});

test("takes a room off the list and puts it back", async ({ page }) => {
  await open(page, { view: "chat-rooms" });
  await page.getByRole("button", { name: "Take off this list" }).click();
  await expect(option(page, /海外営業/)).toHaveCount(0);
  await page.getByRole("button", { name: /Undo/ }).click();
  await expect(option(page, /海外営業/)).toHaveCount(1);
});

for (const face of faces) {
  test(`the rooms that a system lists are accessible in ${face.lang} and ${face.theme}`, async ({ page }) => {
    await open(page, { ...face, view: "chat-rooms" });
    await page.getByRole("option", { name: /受付チーム/ }).click();
    await expect(page.getByRole("cell", { name: "t.kenichi" })).toBeVisible();
    await expectAccessible(page);
    await page.getByRole("button", { name: /Make a room in|に新しいルーム/ }).click();
    await expect(page.getByRole("dialog")).toBeVisible();
    await expectAccessible(page);
  });
}

test("a room that its system lists is renamed, and the right that is missing is named", async ({ page }) => {
  await open(page, { view: "chat-rooms" });
  await page.getByRole("option", { name: /受付チーム/ }).click();
  await expect(page.getByRole("button", { name: "Save" })).toHaveCount(0);
  const name = page.getByLabel("Room name");
  await expect(page.getByRole("button", { name: "Rename" })).toBeDisabled();
  await name.fill("osaka");
  await page.keyboard.press("Enter");
  await expect(name).toHaveAttribute("aria-invalid", "true");
  await name.fill("front");
  await page.keyboard.press("Enter");
  await expect(page.getByText("Renamed to “front”")).toBeVisible();
  await expect(page.getByRole("option", { name: /front 8/ })).toHaveAttribute("aria-selected", "true");
  await page.getByRole("option", { name: /general/ }).click();
  await name.fill("everybody");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("alert")).toContainText("edit-room");
  await page.getByRole("option", { name: /大阪/ }).click();
  await expect(page.getByRole("alert")).toContainText("view-broadcast-member-list");
});

test("a room is made by keyboard at a system that lists its rooms, and the editor comes back", async ({ page }) => {
  await open(page, { view: "chat-rooms" });
  await page.getByRole("button", { name: "Make a room in Rocket.Chat" }).click();
  const dialog = page.getByRole("dialog", { name: "Make a room in Rocket.Chat" });
  await dialog.getByRole("textbox").first().fill("reception");
  await page.keyboard.press("Enter");
  await expect(dialog.getByRole("textbox").first()).toHaveAttribute("aria-invalid", "true");
  await dialog.getByRole("textbox").first().fill("trade-fair");
  await dialog.getByLabel("Members").fill("t.kenichi, c.emma");
  await dialog.getByRole("button", { name: "Create room" }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByRole("option", { name: /trade-fair/ })).toHaveAttribute("aria-selected", "true");
  await page.getByRole("option", { name: /海外営業/ }).click();
  await expect(page.getByRole("option", { name: /trade-fair/ })).toHaveAttribute("aria-selected", "false");
  await expect(page.getByRole("textbox", { name: "Room ID" })).toBeVisible();
});
