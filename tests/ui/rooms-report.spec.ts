/** How rooms are used, files of it, and the day on paper. */
import { expect, expectAccessible, faces, open, test, type Page } from "../../ui/browser-test.ts";

const main = (page: Page) => page.getByRole("main", { name: "Rooms" });

async function report(page: Page): Promise<void> {
  await open(page, { view: "rooms" });
  await page.getByRole("button", { name: "How rooms are used" }).click();
  await expect(page.getByRole("heading", { name: "October 2026" })).toBeVisible();
}

for (const face of faces) {
  test(`is accessible in ${face.lang} and ${face.theme}`, async ({ page }) => {
    test.slow();
    await open(page, { ...face, view: "rooms" });
    await page.keyboard.press("u");
    await expect(page.getByRole("columnheader").first()).toBeVisible();
    await expectAccessible(page);
  });
}

test("says how much each room, hour and weekday is used, and that nobody knows who came", async ({ page }) => {
  await report(page);
  const room = main(page).getByRole("row", { name: /会議室 301/ });
  await expect(room).toContainText(/\d+ %/);
  await expect(main(page).getByRole("row", { name: /^10:00/ })).toContainText("%");
  await expect(main(page).getByRole("row", { name: /^Monday/ })).toContainText("44 %");
  await expect(main(page)).toContainText("Whether anybody came, no system tells.");
});

test("doubts what comes again only with its reasons, and shows it on the board", async ({ page }) => {
  await report(page);
  const doubtful = main(page).getByRole("listitem").filter({ hasText: "旧プロジェクト定例" });
  await expect(doubtful).toContainText("organiser in no directory · asked, no answer known");
  await expect(main(page).getByRole("listitem").filter({ hasText: "北浜デザイン 定例" })).not.toContainText(
    "organiser",
  );
  const overlap = main(page).getByRole("listitem").filter({ hasText: "大会議室 大阪" });
  await expect(overlap).toContainText("来客対応(工場見学)");
  await overlap.getByRole("button", { name: "Show" }).click();
  await expect(page.getByRole("gridcell", { name: /大会議室 大阪.*関西営業会議/ }).first()).toBeVisible();
});

test("writes a calendar file of bookings, and offers none of a table", async ({ page }) => {
  await report(page);
  await page.getByLabel("Kind of file").selectOption({ label: "iCalendar" });
  await page.getByRole("button", { name: "Write file" }).click();
  await expect(page.getByText("312 rows in C:\\Users\\misaki\\Downloads\\Rooms 2026-10 Bookings.ics.")).toBeVisible();
  await page.getByLabel("What the file holds").selectOption({ label: "Overlaps" });
  await expect(page.getByLabel("Kind of file")).toHaveValue("csv");
  await expect(page.getByLabel("Kind of file").getByRole("option")).toHaveText(["CSV", "Excel"]);
});

test("says of a month that was never read that it counts as free, and reads it when told to", async ({ page }) => {
  await report(page);
  await page.getByRole("button", { name: "Next month" }).click();
  await expect(page.getByText(/November 2026 was not read by every connection/)).toBeVisible();
  await page.getByRole("button", { name: "Read now" }).click();
  await expect(page.getByText(/was not read by every connection/)).toHaveCount(0);
  await page.keyboard.press("Escape");
  await expect(page.getByRole("grid", { name: "Rooms by time" })).toBeVisible();
});

test("puts the day on paper without bars and buttons", async ({ page }) => {
  await open(page, { view: "rooms" });
  await expect(page.getByRole("rowheader", { name: /会議室 301/ })).toBeVisible();
  await page.emulateMedia({ media: "print" });
  const sheet = page.locator("section.sheet");
  await expect(sheet).toContainText("Rooms, Wed 14 October 2026");
  await expect(sheet.locator("tr", { hasText: "北浜デザイン 定例" })).toContainText("10:00–11:30");
  await expect(sheet).toContainText("room “27” is not in the room list");
  await expect(page.getByRole("grid")).toBeHidden();
  await expect(page.getByRole("button", { name: "Refresh" })).toBeHidden();
  await page.emulateMedia({ media: "screen" });
  await expect(sheet).toBeHidden();
});
