/** One call in detail: its note, what is the same call, and lists written to files. All by keyboard. */
import { expect, open, test, type Page } from "../../ui/browser-test.ts";

const pane = (page: Page) => page.getByRole("complementary");

/** Opens the window and goes to the call of a time. */
async function at(page: Page, time: string, asked: Parameters<typeof open>[1] = {}): Promise<void> {
  await open(page, asked);
  await page.getByRole("row", { name: new RegExp(`^${time}`) }).click();
  await expect(pane(page)).toBeVisible();
}

test("writes a note by N and Ctrl Enter, says where it is kept, and takes it back", async ({ page }) => {
  await at(page, "10:31");
  await page.keyboard.press("n");
  await expect(page.getByText("Kept on this computer")).toBeVisible();
  await page.keyboard.type("Call back before noon");
  await page.keyboard.press("Control+Enter");
  await expect(page.getByText("Note saved")).toBeVisible();
  await expect(pane(page).getByText("Call back before noon")).toBeVisible();
  await expect(page.locator("[role=row]:focus")).toHaveAttribute("aria-label", /10:31.*Call back before noon/);
  await page.keyboard.press("Control+z");
  await expect(pane(page).getByText("Call back before noon")).toBeHidden();
  await expect(page.getByRole("row", { name: /Call back before noon/ })).toHaveCount(0);
});

test("separates two records by S, and undo joins them again", async ({ page }) => {
  await at(page, "10:31");
  await expect(pane(page).getByText("Same call in")).toBeVisible();
  await page.keyboard.press("s");
  await expect(page.getByText("Separated. It stays so")).toBeVisible();
  await expect(pane(page).getByText("Same call in")).toBeHidden();
  await page.keyboard.press("Control+z");
  await expect(pane(page).getByText("Same call in")).toBeVisible();
});

test("stops a file on Cancel alone; Esc lets it go on", async ({ page }) => {
  await at(page, "10:31");
  await page.keyboard.press("Control+e");
  await page.getByRole("button", { name: "Write the file" }).press("Enter");
  await page.getByRole("button", { name: "Stop writing" }).press("Enter");
  await expect(page.getByText("Stopped. No file was left.")).toBeVisible();
  await page.getByRole("button", { name: "Write the file" }).press("Enter");
  await expect(page.getByRole("progressbar")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("button", { name: /Writing, \d+ %/ })).toBeVisible();
  await expect(page.getByText("214,880 rows written")).toBeVisible();
  await expect(page.getByRole("button", { name: "Show in folder" })).toBeVisible();
});
