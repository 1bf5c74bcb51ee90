/** What stands around the list of calls: views, filters, the chart and its table, the day line and the columns. */
import { expect, expectAccessible, faces, open, test, type Page } from "../../ui/browser-test.ts";

const tab = (page: Page, name: RegExp | string) =>
  page.getByRole("toolbar", { name: "Views" }).getByRole("button", { name });
const row = (page: Page, name: RegExp) => page.getByRole("row", { name }).first();
/** Who is offered; the lists of the platform have options of their own. */
const people = (page: Page) => page.getByRole("listbox", { name: "Person" }).getByRole("option");
const focused = (page: Page) => page.locator(":focus");

for (const face of faces) {
  test(`the list of a view is accessible in ${face.lang} and ${face.theme}`, async ({ page }) => {
    await open(page, face);
    await expect(page.getByText(face.lang === "ja" ? "自分の通話" : "Unknown callers")).toBeVisible();
    await page.keyboard.press("2");
    await expect(page.locator("[aria-pressed=true]")).toHaveText(/Missed|不在/);
    await expectAccessible(page);
  });

  test(`the figures as a table are accessible in ${face.lang} and ${face.theme}`, async ({ page }) => {
    await open(page, face);
    await page.keyboard.press("4");
    await page.keyboard.press("Control+Shift+T");
    await expect(page.getByRole("table")).toBeVisible();
    await expectAccessible(page);
  });

  test(`the choice of columns is accessible in ${face.lang} and ${face.theme}`, async ({ page }) => {
    await open(page, face);
    await page.getByRole("button", { name: face.lang === "ja" ? "表示列" : "Columns" }).click();
    await expect(page.getByRole("dialog")).toBeVisible();
    await expectAccessible(page);
  });
}

for (const [width, height] of [
  [1024, 680],
  [640, 400],
] as const) {
  for (const lang of ["en", "ja"] as const) {
    test(`fits ${width} by ${height} in ${lang}`, async ({ page }) => {
      await page.setViewportSize({ width, height });
      await open(page, { lang });
      await expect(row(page, /10:31/)).toBeInViewport();
      // What is late is said at every width, and the way to all shortcuts is whole.
      const late = page.getByRole("banner").getByText(lang === "ja" ? "10:39、制限中" : "10:39, slowed");
      await expect(late).toBeInViewport({ ratio: 1 });
      const sheet = page.getByRole("contentinfo").getByRole("button");
      await expect(sheet).toBeInViewport({ ratio: 1 });
      await page.keyboard.press("2");
      await expect(page.getByRole("button", { name: /Clear filters|絞り込みを解除/ })).toBeInViewport();
      await expectAccessible(page);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      const last = await page.getByRole("toolbar").locator("xpath=..").boundingBox();
      expect((last?.x ?? 0) + (last?.width ?? 0)).toBeLessThanOrEqual(width);
    });
  }
}

test("counts what each view finds and shows it by its key", async ({ page }) => {
  await open(page);
  await expect(tab(page, "Missed")).toHaveText(/Missed\s*\d+/);
  await expect(tab(page, "All calls")).toHaveAttribute("aria-pressed", "true");
  await row(page, /10:42/).click();
  await page.keyboard.press("2");
  await expect(tab(page, "Missed")).toHaveAttribute("aria-pressed", "true");
  await expect(page.getByRole("row", { name: /Answered/ })).toHaveCount(0);
  await page.keyboard.press("3");
  await expect(tab(page, "Unknown callers")).toHaveAttribute("aria-pressed", "true");
  await expect(row(page, /090-5550-0187/)).toBeVisible();
  await page.keyboard.press("1");
  await expect(row(page, /黒田 亨/)).toBeVisible();
});

test("leaves figures that are typed into a field alone", async ({ page }) => {
  await open(page);
  await page.keyboard.press("/");
  await page.keyboard.type("2");
  await expect(page.getByRole("searchbox")).toHaveValue("2");
  await expect(tab(page, "Missed")).toHaveAttribute("aria-pressed", "false");
});

test("keeps the present filters as a view, renames it, takes it away and puts it back", async ({ page }) => {
  await open(page);
  await page.getByRole("combobox", { name: "Line" }).selectOption("大阪");
  await page.getByRole("button", { name: "Save view" }).click();
  await page.keyboard.press("Enter");
  await expect(page.getByText("A view needs a name.")).toBeVisible();
  await page.keyboard.type("Osaka");
  await page.keyboard.press("Enter");
  await expect(tab(page, /^Osaka/)).toHaveAttribute("aria-pressed", "true");
  await expect(tab(page, /^Osaka/)).toHaveText(/Osaka\s*[\d,]+/);

  await tab(page, /^Osaka/).focus();
  await page.keyboard.press("Shift+F10");
  await expectAccessible(page);
  await page.keyboard.press("Enter");
  await page.getByRole("textbox", { name: "Name" }).fill("West");
  await page.keyboard.press("Enter");
  await expect(tab(page, /^West/)).toBeVisible();

  await page.getByRole("button", { name: "Menu of “West”" }).click();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expect(tab(page, /^West/)).toHaveCount(0);
  await page.getByRole("button", { name: "Put it back" }).click();
  await expect(tab(page, /^West/)).toBeVisible();
});

test("marks a view whose filters were changed, and updates it", async ({ page }) => {
  await open(page);
  await tab(page, /^海外/).click();
  await expect(tab(page, /^海外/)).toHaveAttribute("aria-pressed", "true");
  await page.getByRole("combobox", { name: "Outcome" }).selectOption("answered");
  await expect(tab(page, /^海外/)).toHaveAttribute("aria-pressed", "false");
  await expect(page.getByRole("img", { name: "changed" })).toBeVisible();
  await page.getByRole("button", { name: "Save view" }).click();
  await page.getByRole("button", { name: "Update “海外”" }).click();
  await expect(tab(page, /^海外/)).toHaveAttribute("aria-pressed", "true");
  await expect(page.getByRole("img", { name: "changed" })).toHaveCount(0);
});

test("takes each filter off by itself", async ({ page }) => {
  await open(page);
  await page.getByRole("combobox", { name: "Days" }).selectOption("today");
  await page.getByRole("combobox", { name: "Outcome" }).selectOption("missed");
  await expect(page.getByText("6 calls", { exact: true })).toBeVisible();
  await page.getByRole("button", { name: "Take off Outcome" }).click();
  await expect(page.getByText("20 calls", { exact: true })).toBeVisible();
  await expect(page.getByRole("combobox", { name: "Outcome" })).toBeFocused();
  await page.getByRole("button", { name: "Take off Days" }).click();
  await expect(page.getByRole("button", { name: "Clear filters" })).toHaveCount(0);
});

test("narrows to one chosen day", async ({ page }) => {
  await open(page);
  await page.getByRole("combobox", { name: "Days" }).selectOption("day");
  await expect(page.getByLabel("Day", { exact: true })).toBeFocused();
  await page.getByLabel("Day", { exact: true }).fill("2026-10-13");
  await expect(page.getByText("52 calls", { exact: true })).toBeVisible();
  await expect(page.getByRole("combobox", { name: "Days" })).toHaveValue("span");
  await expect(page.getByRole("group", { name: "Calls per hour" })).toBeVisible();
});

test("finds a colleague by name and narrows to their calls, by keyboard only", async ({ page }) => {
  await open(page);
  await page.getByRole("button", { name: "Person" }).focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("combobox", { name: "Name of a colleague" })).toBeFocused();
  await page.keyboard.type("高橋");
  await expect(people(page)).toHaveCount(1);
  await expectAccessible(page);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: "Person 高橋 由美" })).toBeFocused();
  await expect(row(page, /川瀬 浩/)).toBeVisible();
  await expect(page.getByRole("row", { name: /西村/ })).toHaveCount(0);
  await page.keyboard.press("Enter");
  await page.keyboard.press("Escape");
  await expect(page.getByRole("listbox")).toHaveCount(0);
  await expect(page.getByRole("complementary")).toBeVisible();
});

test("takes no colleague by the Enter that ends a composition", async ({ page }) => {
  await open(page);
  await page.getByRole("button", { name: "Person" }).click();
  await expect(people(page).first()).toBeVisible();
  await page.getByRole("combobox", { name: "Name of a colleague" }).evaluate((field) => {
    field.dispatchEvent(
      new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true, isComposing: true }),
    );
  });
  await expect(people(page).first()).toBeVisible();
});

test("names the filters that find nothing", async ({ page }) => {
  await open(page);
  await page.getByRole("combobox", { name: "Line" }).selectOption("経理");
  await page.keyboard.press("/");
  await page.keyboard.type("zzzz");
  await expect(page.getByText(/none fits: .*“zzzz”.*経理/)).toBeVisible();
});

test("narrows to an hour by its bar and shows the day again", async ({ page }) => {
  await open(page);
  await page.getByRole("combobox", { name: "Days" }).selectOption("today");
  const bars = page.getByRole("group", { name: "Calls per hour" });
  await expect(
    bars.getByRole("button", { name: /^9:00 to 10:00: 11 calls, 7 answered, 3 missed, usually/ }),
  ).toBeVisible();
  expect(await bars.locator("[tabindex='0']").count()).toBe(1);
  await bars.locator("[tabindex='0']").focus();
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("Enter");
  await expect(page.getByText("11 calls", { exact: true })).toBeVisible();
  await expect(focused(page)).toHaveAttribute("aria-pressed", "true");
  await expect(page.getByRole("row", { name: /10:31/ })).toHaveCount(0);
  await page.keyboard.press("Enter");
  await expect(page.getByText("20 calls", { exact: true })).toBeVisible();
  await expect(page.getByRole("combobox", { name: "Days" })).toHaveValue("today");
});

test("shows the figures of the chart as a table too", async ({ page }) => {
  await open(page);
  await page.getByRole("combobox", { name: "Days" }).selectOption("week");
  await expect(page.getByRole("group", { name: "Calls per day" }).getByRole("button")).toHaveCount(7);
  await page.keyboard.press("Control+Shift+T");
  const table = page.getByRole("region", { name: "Calls per day" }).getByRole("table");
  await expect(table.getByRole("row")).toHaveCount(8);
  await expect(table.getByRole("row", { name: /^Wed 14 October 2026/ })).toHaveText(/20\s*11\s*6\s*52/);
  await page.keyboard.press("Control+Shift+T");
  await expect(table).toHaveCount(0);
});

test("is as high before the figures come as after", async ({ page }) => {
  await open(page, { fake: "loading" });
  const before = await page.getByRole("grid").boundingBox();
  await open(page);
  await expect(page.getByRole("group", { name: "Calls per day" }).getByRole("button").first()).toBeVisible();
  expect((await page.getByRole("grid").boundingBox())?.y).toBe(before?.y);
});

test("says the day of the uppermost call and what it holds, while one scrolls", async ({ page }) => {
  await open(page);
  await expect(page.getByText("Today, Wed 14 October 2026")).toBeVisible();
  await expect(page.getByText("20 calls · 11 answered · 6 missed")).toBeVisible();
  await row(page, /10:42/).click();
  for (let i = 0; i < 3; i += 1) await page.keyboard.press("PageDown");
  await expect(page.locator("b", { hasText: "Tue 13 October 2026" })).toBeVisible();
  await expect(page.getByText(/^52 calls · \d+ answered/)).toBeVisible();
});

test("marks both systems of a call that both recorded", async ({ page }) => {
  await open(page);
  const cell = row(page, /10:31/).getByRole("gridcell").nth(2);
  await expect(cell.getByRole("img", { name: "SmartConnect" })).toBeVisible();
  await expect(cell.getByRole("img", { name: "RingCentral" })).toBeVisible();
});

test("keeps the chosen call chosen and in sight when the filter changes", async ({ page }) => {
  await open(page);
  await row(page, /9:12/).click();
  await page.getByRole("combobox", { name: "Outcome" }).selectOption("missed");
  await expect(page.locator("[role=row][aria-selected=true]")).toHaveAttribute("aria-label", /9:12/);
  await expect(page.locator("[role=row][aria-selected=true]")).toBeInViewport();
  await page.getByRole("button", { name: "Take off Outcome" }).click();
  await expect(page.locator("[role=row][aria-selected=true]")).toHaveAttribute("aria-rowindex", "19");
  await expect(page.locator("[role=row][aria-selected=true]")).toBeInViewport();
});

test("goes home from far below, and the pill goes with it", async ({ page }) => {
  await open(page);
  await row(page, /10:42/).click();
  await page.keyboard.press("End");
  await page.evaluate(() => window.frontdeskFake?.ring());
  await expect(page.getByRole("button", { name: "1 new" })).toBeVisible();
  await expect(focused(page)).toHaveAttribute("aria-rowindex", "214882");
  await page.keyboard.press("Home");
  await expect(page.getByRole("button", { name: "1 new" })).toBeHidden();
  await expect(focused(page)).toHaveAttribute("aria-rowindex", "2");
});

test("hides, moves and sizes columns, and keeps it so", async ({ page }) => {
  await open(page);
  await page.getByRole("button", { name: "Columns" }).click();
  await expect(page.getByRole("checkbox", { name: "Time" })).toBeDisabled();
  await expect(page.getByRole("checkbox", { name: "Caller" })).toBeDisabled();
  await page.getByRole("checkbox", { name: "Line" }).uncheck();
  await page.getByRole("button", { name: "Move Note up" }).click();
  await expect(page.getByRole("button", { name: "Move Note up" })).toBeFocused();
  await page.getByRole("spinbutton", { name: "Width of Number in pixels" }).fill("160");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Escape");
  const heads = page.getByRole("columnheader");
  await expect(heads).toHaveText(["Time", "Outcome", "System", "Caller", "Number", "Spoke with", "Note", "Length"]);
  expect((await heads.nth(4).boundingBox())?.width).toBe(160);
  await expect(page.getByRole("grid")).toHaveAttribute("aria-colcount", "8");
  await expect(row(page, /10:38/).getByRole("gridcell").nth(7)).toHaveAttribute("aria-colindex", "8");
  await page.getByRole("button", { name: "Columns" }).click();
  await page.getByRole("button", { name: "As at the start" }).click();
  await page.keyboard.press("Escape");
  await expect(heads).toHaveCount(9);
});

test("makes a column wider at its head, by keys and by its border", async ({ page }) => {
  await open(page);
  await row(page, /10:42/).click();
  await page.keyboard.press("ArrowUp");
  await expect(focused(page)).toHaveText("Time");
  for (let i = 0; i < 4; i += 1) await page.keyboard.press("ArrowRight");
  await expect(focused(page)).toHaveText("Number");
  await page.keyboard.press("Shift+ArrowRight");
  await expect.poll(async () => (await focused(page).boundingBox())?.width).toBe(126);
  await page.keyboard.press("ArrowDown");
  await expect(focused(page)).toHaveAttribute("aria-rowindex", "2");

  const number = page.getByRole("columnheader", { name: "Number" });
  const box = await number.boundingBox();
  if (!box) throw new Error("the head has no box");
  await page.mouse.move(box.x + box.width + 3, box.y + 10);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width + 33, box.y + 10, { steps: 3 });
  await page.mouse.up();
  await expect.poll(async () => (await number.boundingBox())?.width).toBe(156);
});

test("says once that the damaged cache is read anew", async ({ page }) => {
  await open(page, { isRebuilt: true });
  await expect(page.getByText(/was damaged and is read anew/)).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Close this note" }).click();
  await expect(page.getByText(/was damaged and is read anew/)).toHaveCount(0);
});

test("draws lines instead of rows while the list flies past, and its rows where it comes to rest", async ({ page }) => {
  await open(page);
  await expect(row(page, /10:42/)).toBeVisible();
  const flight = await page.getByRole("grid", { name: /calls/i }).evaluate(async (grid) => {
    const rows = (): number => grid.querySelectorAll("[data-row]").length;
    const drawn = [rows()];
    // Several jumps within one turn follow each other closely on however busy a computer.
    for (let step = 1; step <= 12; step += 1) {
      grid.scrollTop = (grid.scrollHeight / 20) * step;
      grid.dispatchEvent(new Event("scroll"));
    }
    await Promise.resolve();
    drawn.push(rows());
    return drawn;
  });
  expect(flight[0]).toBeGreaterThan(10);
  // The current row alone is kept, so that the keyboard has a place.
  expect(flight.at(-1)).toBe(1);
  await expect(page.locator("[data-row][aria-label]").nth(12)).toBeVisible();
  await expectAccessible(page);
});

test("shows the row at once that a key jumps to", async ({ page }) => {
  await open(page);
  await row(page, /10:42/).click();
  for (const key of ["End", "Home", "End"]) await page.keyboard.press(key);
  await expect(page.locator("[data-row]:focus")).toHaveAttribute("aria-rowindex", /^\d{4,}$/);
  await expect(page.locator("[data-row][aria-label]").nth(5)).toBeVisible();
});
