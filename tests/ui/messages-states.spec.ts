/** The composer and bulk sending in each of their states: empty, typing, sending, partly failed, done. All of it accessible, and in its place. */
import { expect, expectAccessible, faces, open, test, type Page } from "../../ui/browser-test.ts";

const to = (page: Page) => page.getByRole("combobox").first();
const text = (page: Page) => page.getByRole("textbox").first();
const pane = (page: Page) => page.getByRole("complementary");
const file = { name: "年末年始.csv", mimeType: "text/csv", buffer: Buffer.from("to,name\n") };

/** Nothing lies beside the window, and nothing breaches the rules. */
async function expectWhole(page: Page): Promise<void> {
  const width = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
  expect(width[0]).toBeLessThanOrEqual(width[1] ?? 0);
  await expectAccessible(page);
}

async function write(page: Page, words: string): Promise<void> {
  for (const whom of ["田中", "#tokyo-office"]) {
    await to(page).fill(whom);
    await expect(page.getByRole("option").first()).toBeVisible();
    await to(page).press("Enter");
  }
  await text(page).fill(words);
}

for (const face of faces) {
  test(`the composer in ${face.lang} and ${face.theme}`, async ({ page }) => {
    test.slow();
    await open(page, { ...face, view: "composer" });
    await expect(page.getByText(/Nobody chosen yet|宛先がまだ選ばれていません/)).toBeVisible();
    await expectWhole(page);
    await write(page, "{{customer}} 様よりお電話がありました。\n折り返しをお願いいたします。");
    await page.keyboard.press("Control+Shift+A");
    await page.keyboard.type("折り返し依頼");
    await expectWhole(page);
    await page.keyboard.press("Control+Enter");
    await page.clock.runFor(200);
    await expect(page.getByText(/All 2 deliveries arrived|2 通すべて/)).toBeVisible();
    await expectWhole(page);
  });

  test(`the composer while it sends in ${face.lang} and ${face.theme}`, async ({ page }) => {
    test.slow();
    await open(page, { ...face, view: "composer" });
    await write(page, "配信中の本文");
    await page.keyboard.press("Control+Enter");
    await expect(page.getByText(/0 of 2 delivered|2 通中 0 通/)).toBeVisible();
    await expectWhole(page);
  });

  test(`the composer where a part failed in ${face.lang} and ${face.theme}`, async ({ page }) => {
    test.slow();
    await open(page, { ...face, view: "composer" });
    await write(page, "不明になる本文");
    await page.keyboard.press("Control+Enter");
    await page.clock.runFor(200);
    await expect(page.getByText(/0 delivered, 0 refused, 2 unknown|不明 2/)).toBeVisible();
    await expectWhole(page);
  });

  test(`bulk sending in ${face.lang} and ${face.theme}`, async ({ page }) => {
    test.slow();
    for (const asked of [{ fake: "empty" }, { bulk: "none" }] as const) {
      await open(page, { ...face, ...asked, view: "bulk" });
      await expect(
        page
          .getByText(/No system that sends|No bulk send yet|送れるシステムがありません|一斉送信はまだありません/)
          .first(),
      ).toBeVisible();
      await expectWhole(page);
    }
    await open(page, { ...face, view: "bulk" });
    await expect(
      pane(page)
        .getByRole("button", { name: /三浦 大地/ })
        .first(),
    ).toBeVisible();
    await expectWhole(page);
    await page.keyboard.press("Control+n");
    await page.locator("[data-bulk-file]").setInputFiles(file);
    await page.getByRole("textbox", { name: /^(Text|本文)$/ }).fill("{{name}} 様");
    await page.getByRole("button", { name: /Look through|送信前チェック/ }).click();
    const trial = page.getByRole("button", { name: /^(Test to me|自分に試送)/ });
    await expect(trial).toBeVisible();
    await expectWhole(page);
    await trial.click();
    await expect(page.getByText(/Test: 1 arrived at you only|自分だけに 1 件届き/)).toBeVisible();
    await expectWhole(page);
    for (const bulk of ["interrupted", "partly", "done"] as const) {
      await open(page, { ...face, view: "bulk", bulk });
      if (bulk !== "interrupted") await page.getByRole("button", { name: /年末年始休業のお知らせ/ }).click();
      await expect(page.getByRole("progressbar")).toBeVisible();
      await expectWhole(page);
    }
  });
}

test("a test of a bulk send goes to oneself and leaves every row as it was", async ({ page }) => {
  await open(page, { view: "bulk" });
  await expect(page.getByRole("progressbar")).toBeVisible();
  await page.keyboard.press("Control+n");
  await page.locator("[data-bulk-file]").setInputFiles(file);
  await page.getByRole("textbox", { name: "Text" }).fill("{{name}} 様");
  await page.getByRole("button", { name: "Look through" }).click();
  await expect(page.getByRole("button", { name: "Send 40" })).toBeVisible();
  const steps = page.getByRole("list", { name: "Steps" });
  await expect(steps.locator("[aria-current=step]")).toHaveText("Test to me");
  await page.keyboard.press("Control+t");
  await expect(page.getByText("Test: 1 arrived at you only, 0 did not.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Send 40" })).toBeVisible();
  await expect(page.getByRole("row", { name: /Waiting/ }).first()).toBeVisible();
  await expect(page.getByRole("row", { name: /Delivered/ })).toHaveCount(0);
});

test("each preview keeps to its column, and what is dropped begins at one height", async ({ page }) => {
  await open(page, { view: "composer" });
  for (const whom of ["somebody.with.a.very.long.address@department.example.jp;", "#tokyo-office", "1004;"]) {
    await to(page).fill(whom);
    await to(page).press("Enter");
    await expect(to(page)).toHaveValue("");
  }
  await page.getByRole("checkbox", { name: /^Sealed/ }).check();
  await text(page).fill("西村様よりお電話です。折り返しをお願いいたします。");
  const columns = page.getByRole("group", { name: "Preview" }).getByRole("region");
  await expect(columns).toHaveCount(3);
  const seen = await columns.evaluateAll((all) =>
    all.map((it) => ({ over: it.scrollWidth - it.clientWidth, top: it.lastElementChild?.getBoundingClientRect().top })),
  );
  expect(seen.map((it) => it.over)).toEqual([0, 0, 0]);
  expect(new Set(seen.map((it) => it.top)).size).toBe(1);
});
