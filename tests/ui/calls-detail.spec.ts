/** One call in detail: its note, what is the same call, its caller, its recording; and lists written to files. All by keyboard. */
import { expect, expectAccessible, faces, open, test, type Page } from "../../ui/browser-test.ts";

const pane = (page: Page) => page.getByRole("complementary");

/** Opens the window and goes to the call of a time. */
async function at(page: Page, time: string, asked: Parameters<typeof open>[1] = {}): Promise<void> {
  await open(page, asked);
  await page.getByRole("row", { name: new RegExp(`^${time}`) }).click();
  await expect(pane(page)).toBeVisible();
}

for (const face of faces) {
  test.describe(`is accessible in ${face.lang} and ${face.theme}`, () => {
    test("with its note", async ({ page }) => {
      await at(page, "10:02", face);
      await page.keyboard.press("n");
      await expect(page.locator("textarea:focus")).toBeVisible();
      await expectAccessible(page, "aside");
    });
    test("with its legs", async ({ page }) => {
      await at(page, "10:31", face);
      await expect(pane(page).getByText(":26", { exact: true })).toBeVisible();
      await expectAccessible(page, "aside");
    });
    for (const [name, key] of [
      ["the dialog that adds a customer", "a"],
      ["the unknown callers", "Shift+A"],
      ["the dialog that writes a file", "Control+e"],
    ] as const) {
      test(`with ${name}`, async ({ page }) => {
        await at(page, "10:02", face);
        await page.keyboard.press(key);
        await expect(page.getByRole("dialog")).toBeVisible();
        await expectAccessible(page, "[role=dialog]");
        await page.keyboard.press("Escape");
        await expect(page.getByRole("dialog")).toBeHidden();
      });
    }
  });
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

test("keeps a draft for each call when Esc leaves it", async ({ page }) => {
  await at(page, "10:38");
  await page.keyboard.press("n");
  await expect(page.getByText("Kept in SmartConnect")).toBeVisible();
  await page.keyboard.type("!!");
  await page.keyboard.press("Escape");
  await expect(page.getByText("A draft of this note is not saved.")).toBeVisible();
  await page.keyboard.press("ArrowDown");
  await expect(page.getByText("A draft of this note is not saved.")).toBeHidden();
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("n");
  await expect(page.getByRole("textbox", { name: "Note" })).toHaveValue(/!!/);
});

test("shows what somebody else wrote meanwhile, and writes over it only when told to", async ({ page }) => {
  await at(page, "9:12");
  await page.keyboard.press("n");
  await page.keyboard.press("Control+a");
  await page.keyboard.type("Called back");
  await page.keyboard.press("Control+Enter");
  await expect(pane(page).getByText("Somebody else changed this note meanwhile")).toBeVisible();
  await expect(pane(page).getByText("9:45 鈴木さんが対応中").first()).toBeVisible();
  await expect(page.getByRole("button", { name: "Use theirs" })).toBeFocused();
  await expectAccessible(page, "aside");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect(page.getByText("Note saved")).toBeVisible();
  await expect(page.getByRole("row", { name: /^9:12.*Called back/ })).toBeVisible();
});

test("says plainly when nobody knows whether a note arrived, and keeps it", async ({ page }) => {
  await at(page, "9:36");
  await page.keyboard.press("n");
  await page.keyboard.type(" x");
  await page.keyboard.press("Control+Enter");
  await expect(page.getByText("It is not sent again by itself")).toBeVisible();
  await expectAccessible(page, "aside");
  await page.getByRole("button", { name: "Write it again" }).click();
  await expect(page.getByText("Note saved")).toBeVisible();
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

test("joins a call of another system by S", async ({ page }) => {
  await at(page, "9:58");
  await expect(page.getByRole("button", { name: "Same call as…" })).toBeVisible();
  await page.keyboard.press("s");
  await expect(page.getByRole("list", { name: "Same call as…" }).getByText("西村 彩")).toBeVisible();
  await expectAccessible(page, "aside");
  await expect(page.getByRole("button", { name: "Same call", exact: true })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByText("Joined into one call")).toBeVisible();
  await expect(pane(page).getByText("joined by hand")).toBeVisible();
});

test("adds an unknown caller by A, after saying what is missing", async ({ page }) => {
  await at(page, "10:02");
  await page.keyboard.press("a");
  await expect(page.getByRole("textbox", { name: "Name" })).toBeFocused();
  await expect(page.getByRole("textbox", { name: "Number", exact: true })).toHaveValue("090-5550-0187");
  await page.keyboard.press("Enter");
  await expect(page.getByText("A customer needs a name.")).toBeVisible();
  await page.keyboard.type("大野 圭");
  await page.keyboard.press("Enter");
  await expect(page.getByText("大野 圭 is in the address book")).toBeVisible();
  await expect(page.getByRole("dialog")).toBeHidden();
});

test("offers A only for unknown callers with a number", async ({ page }) => {
  await at(page, "10:38");
  await page.keyboard.press("a");
  await expect(page.getByRole("dialog")).toBeHidden();
  await expect(page.getByRole("button", { name: "Add to address book" })).toBeHidden();
  await page.getByRole("row", { name: /^10:19/ }).click();
  await expect(pane(page).getByText("Number withheld").first()).toBeVisible();
  await expect(page.getByRole("button", { name: "Add to address book" })).toBeHidden();
});

test("keeps what a system refused in the dialog, to be put right", async ({ page }) => {
  await at(page, "9:36");
  await page.keyboard.press("a");
  await page.keyboard.type("Sales");
  await page.keyboard.press("Enter");
  await expect(page.getByText("登録できない文字が含まれています")).toBeVisible();
  await expectAccessible(page, "[role=dialog]");
  await page.getByRole("textbox", { name: "Name" }).focus();
  await page.keyboard.press("Enter");
  await expect(page.getByText("Sales is in the address book")).toBeVisible();
});

test("adds several frequent callers at once, and each row says what became of it", async ({ page }) => {
  await at(page, "10:02");
  await page.keyboard.press("Shift+A");
  const rows = page.getByRole("dialog").getByRole("listitem");
  await expect(rows).toHaveCount(5);
  for (const number of ["0120-555-019", "090-5550-0187", "03-5550-0199", "080-5550-0133"]) {
    await page.getByRole("checkbox", { name: number }).focus();
    await page.keyboard.press("Space");
    await page.getByRole("textbox", { name: `Name for ${number}` }).fill(`Caller ${number}`);
  }
  await expectAccessible(page, "[role=dialog]");
  await page.getByRole("button", { name: "Add 4 to the address book" }).click();
  await expect(rows.nth(0)).toContainText("登録できない文字が含まれています");
  await expect(rows.nth(1)).toContainText("Added");
  await expect(rows.nth(2)).toContainText("Already there: 日比谷クリニック");
  await expect(rows.nth(3)).toContainText("Sent, but no answer came");
  await expectAccessible(page, "[role=dialog]");
  // Only the refused one is left to send.
  await page.getByRole("button", { name: "Add 1 to the address book" }).click();
  await expect(rows.nth(0)).toContainText("Added");
  await expect(page.getByRole("button", { name: "Add 0 to the address book" })).toBeDisabled();
});

test("writes what the list shows to a file by Ctrl E, and shows where it is", async ({ page }) => {
  await at(page, "10:31");
  await page.keyboard.press("Control+e");
  await expect(page.getByText("214,880 calls with these filters")).toBeVisible();
  await expect(page.getByRole("textbox", { name: "File name" })).toHaveValue("Calls 2026-10-14");
  await page.keyboard.type("a/b");
  await expect(page.getByText("A file name cannot hold")).toBeVisible();
  await page.getByRole("textbox", { name: "File name" }).fill("October");
  await page.getByLabel("Encoding").selectOption("cp932");
  await page.getByRole("textbox", { name: "File name" }).press("Enter");
  await expect(page.getByRole("progressbar")).toBeVisible();
  await expectAccessible(page, "[role=dialog]");
  await expect(page.getByText("214,880 rows written")).toBeVisible();
  await expect(page.getByText("Downloads\\October.csv")).toBeVisible();
  await expect(page.getByText("38 cells hold letters")).toBeVisible();
  await expectAccessible(page, "[role=dialog]");
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

test("says in its place why a file could not be written", async ({ page }) => {
  await at(page, "10:31");
  await page.keyboard.press("Control+e");
  await page.getByRole("textbox", { name: "File name" }).fill("full");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog").getByText("not enough space")).toBeVisible();
});

test("narrows to a number by its link, and opens one of the last calls", async ({ page }) => {
  await at(page, "10:31");
  await page.getByRole("button", { name: /^All [\d,]+$/ }).press("Enter");
  await expect(page.getByRole("row", { name: /黒田/ })).toHaveCount(0);
  await expect(page.locator("[role=row][aria-rowindex='2']")).toHaveAttribute("aria-label", /西村 彩/);
  await pane(page).getByRole("button", { name: /9:55/ }).press("Enter");
  await expect(page.locator("[role=row]:focus")).toHaveAttribute("aria-label", /^9:55.*西村 彩/);
});

test("saves a recording and tells where it is, or why it cannot", async ({ page }) => {
  await at(page, "10:27");
  await page.getByRole("button", { name: "Save recording" }).press("Enter");
  await expect(page.getByText(/Recording saved: .*\.mp3/)).toBeVisible();
  await expect(page.getByRole("button", { name: "Show in folder" })).toBeVisible();
  await page.getByRole("row", { name: /^10:14/ }).click();
  await page.getByRole("button", { name: "Save recording" }).press("Enter");
  await expect(pane(page).getByText("ReadCallRecording")).toBeVisible();
});

test("shows the record of every connection, each by its name", async ({ page }) => {
  await at(page, "10:31");
  await page.getByText("Raw record").first().click();
  await expect(page.getByRole("region", { name: "Raw record, RingCentral" })).toContainText("9007199254740993");
  await expect(page.getByRole("region", { name: "Raw record, SmartConnect" })).toContainText("着信番号");
});

test("takes a missed call by T, closes it by E, and takes that back", async ({ page }) => {
  await at(page, "10:31");
  await expect(pane(page).getByRole("button", { name: /Message 田中 健一/ })).toBeVisible();
  await page.keyboard.press("t");
  await expect(page.getByText("西村 彩 is yours")).toBeVisible();
  await expect(pane(page).getByRole("button", { name: /Take/ })).toBeHidden();
  await page.keyboard.press("e");
  await expect(page.getByText("西村 彩 is closed")).toBeVisible();
  await expect(pane(page).getByRole("button", { name: /Close/ }).filter({ hasText: "E" })).toBeHidden();
  await page.keyboard.press("Control+z");
  await expect(pane(page).getByRole("button", { name: /Close/ }).filter({ hasText: "E" })).toBeVisible();
});

test("begins the message about a missed call where its outcome is seen, by M", async ({ page }) => {
  await at(page, "10:31");
  await page.keyboard.press("m");
  await expect(page.getByRole("dialog")).toContainText("西村 彩");
  await expect(page).toHaveURL(/#\/today$/);
});

test("begins a message about an answered call with what the call knows, by M", async ({ page }) => {
  await at(page, "10:38");
  await page.keyboard.press("m");
  await expect(page).toHaveURL(/#\/composer$/);
  await expect(page.getByText(/from the call at 10:38 黒田 亨/)).toBeVisible();
  await expectAccessible(page);
});
