/** One booking: its story, its organiser, and the question whether it is still needed. */
import { expect, expectAccessible, faces, open, test, type Page } from "../../ui/browser-test.ts";

const block = (page: Page, title: string) => page.locator("[data-block]", { hasText: title }).first();
const pane = (page: Page) => page.getByRole("complementary", { name: "Booking" });

async function show(page: Page, title: string): Promise<void> {
  await open(page, { view: "rooms" });
  await block(page, title).click();
  await expect(pane(page).getByRole("heading", { name: "Organiser" })).toBeVisible();
}

for (const face of faces) {
  test(`is accessible with its question in ${face.lang} and ${face.theme}`, async ({ page }) => {
    test.slow();
    await open(page, { ...face, view: "rooms" });
    await block(page, "北浜デザイン").click();
    await expect(page.getByRole("complementary").getByText("204").first()).toBeVisible();
    await page.keyboard.press("r");
    await expect(page.getByRole("dialog").getByRole("textbox")).toHaveValue(/北浜デザイン 定例/);
    await expectAccessible(page);
  });
}

test("tells what readings showed, the newest first, and who booked it with where they are", async ({ page }) => {
  await show(page, "北浜デザイン");
  const story = pane(page).getByRole("list").filter({ hasText: "First seen" });
  await expect(story.getByRole("listitem").first()).toContainText(/9:12.*Other room.*会議室 302.*会議室 301/s);
  await expect(story.getByRole("listitem").nth(1)).toContainText("First seen");
  await expect(pane(page)).toContainText("ext. 204");
  await expect(pane(page)).toContainText("会議室 301 until 11:30");
  await expect(pane(page)).toContainText("Also booked that day");
  await expect(pane(page)).toContainText("契約更新 打合せ");
});

test("says in which rhythm a booking was seen to come again, and nothing of one that was not", async ({ page }) => {
  await show(page, "北浜デザイン 定例");
  await expect(pane(page)).toContainText("Every Wednesday, seen 6 times");
  await show(page, "採用ミーティング");
  await expect(pane(page).getByRole("heading", { name: "採用ミーティング" })).toBeVisible();
  await expect(pane(page)).not.toContainText("seen 6 times");
});

test("says of a booking without a story since when readings are compared", async ({ page }) => {
  await show(page, "月次決算報告");
  await expect(pane(page)).toContainText(/It stood there already at .*9:00/);
});

test("says why nobody can be written to, and offers no button then", async ({ page }) => {
  await show(page, "新人研修");
  await expect(pane(page)).toContainText("Several colleagues have this name");
  await expect(pane(page).getByRole("button", { name: /Message|still needed/ })).toHaveCount(0);
  await block(page, "Procurement sync").click();
  await expect(pane(page)).toContainText("No directory has this name");
});

test("begins a message about the booking by M, and copies the number by C", async ({ page }) => {
  await show(page, "北浜デザイン");
  await page.keyboard.press("c");
  await expect(page.getByText("204 copied")).toBeVisible();
  await page.keyboard.press("m");
  await expect(page.getByRole("main", { name: "Compose" })).toBeVisible();
  await expect(page.getByRole("main", { name: "Compose" })).toContainText("田中 健一");
  await expect(page.getByRole("main", { name: "Compose" })).toContainText("北浜デザイン 定例");
});

test("asks once, and keeps what somebody wrote down as the answer", async ({ page }) => {
  await show(page, "北浜デザイン");
  await page.keyboard.press("r");
  const dialog = page.getByRole("dialog", { name: "Ask 田中 健一" });
  await expect(dialog.getByLabel("Message")).toHaveValue(/is this booking still needed\?[^]*10:00–11:30, 会議室 301/);
  await dialog.getByRole("button", { name: "Send" }).click();
  await expect(dialog).toBeHidden();
  await expect(pane(page)).toContainText("Sent. No answer is known.");
  await expect(pane(page)).toContainText("cannot be read from here");
  await pane(page).getByRole("button", { name: "No longer needed" }).click();
  await expect(pane(page)).toContainText("Answer: no longer needed.");
  await expectAccessible(page);
  await pane(page).getByRole("button", { name: "Take back" }).click();
  await expect(pane(page)).toContainText("Sent. No answer is known.");
});
