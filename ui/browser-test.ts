/**
 * What every browser test in `tests/ui` begins with: the window over the fixtures at a known time, and no test that passes
 * with an error in the console or a breach of the content policy.
 */
import { AxeBuilder } from "@axe-core/playwright";
import { test as base, expect, type Page } from "@playwright/test";

export { expect, type Page };

/** What the fixtures are asked for. */
export interface Asked {
  view?:
    | "today"
    | "calls"
    | "rooms"
    | "people"
    | "composer"
    | "bulk"
    | "chat-rooms"
    | "records"
    | "activity"
    | "connections"
    | "settings"
    | "welcome";
  fake?: "full" | "empty" | "loading" | "broken" | "opening" | "unread";
  lang?: "ja" | "en";
  theme?: "light" | "dark";
  demo?: boolean;
  /** How the one bulk send stands; it is being sent where nothing is said. */
  bulk?: "none" | "interrupted" | "partly" | "done";
  /** How the log of writes stands. */
  log?: "broken";
  /** Whether the cache was damaged. */
  isRebuilt?: boolean;
}

/** A test with a page that watches itself. */
export const test = base.extend<{ watched: null }>({
  watched: [
    async ({ page }, use) => {
      const errors: string[] = [];
      page.on("console", (message) => {
        if (message.type() === "error" || message.type() === "warning") errors.push(message.text());
      });
      page.on("pageerror", (error) => errors.push(error.message));
      // The packaged window freezes the prototype of all objects.
      await page.addInitScript(() => Object.freeze(Object.prototype));
      await use(null);
      expect(errors, "errors in the console").toEqual([]);
    },
    { auto: true },
  ],
});

/** Waits for the first paint: Chromium lets no key through to a page that has painted nothing yet. */
const firstPaint = (page: Page): Promise<void> =>
  page.evaluate(
    () =>
      new Promise<void>((resolve) => {
        const observer = new PerformanceObserver((list) => {
          if (list.getEntriesByName("first-contentful-paint").length === 0) return;
          observer.disconnect();
          resolve();
        });
        // What was painted before it looks is told too.
        observer.observe({ type: "paint", buffered: true });
      }),
  );

/** Opens the window on Wednesday 14 October 2026 at 10:42:11 in Tokyo. */
export async function open(page: Page, asked: Asked = {}): Promise<void> {
  await page.clock.install({ time: new Date("2026-10-14T01:42:11Z") });
  const search = new URLSearchParams({
    fake: asked.fake ?? "full",
    lang: asked.lang ?? "en",
    theme: asked.theme ?? "light",
    view: asked.view ?? "calls",
    ...(asked.demo ? { demo: "1" } : {}),
    ...(asked.bulk ? { bulk: asked.bulk } : {}),
    ...(asked.log ? { log: asked.log } : {}),
    ...(asked.isRebuilt ? { rebuilt: "1" } : {}),
  });
  await page.goto(`/?${search.toString()}`);
  await page.locator("h1:visible").first().waitFor();
  await firstPaint(page);
}

/** Finds no breach of the accessibility rules on what is shown, or in a part of it where only that is new. */
export async function expectAccessible(page: Page, part = "html"): Promise<void> {
  await expect(page.locator(part)).toBeVisible();
  // Every page is one document without frames, so that nothing has to be put together of several in a blank page; and only
  // what breaches a rule is written out. The same rules over the same elements, in a quarter of the time.
  const { violations } = await new AxeBuilder({ page })
    .setLegacyMode(true)
    .options({ resultTypes: ["violations"] })
    .include(part)
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"])
    .analyze();
  const told = violations.map((it) => `${it.id}: ${it.nodes.map((node) => node.html).join(" | ")}`);
  expect(told).toEqual([]);
}

/** Every language in both themes. */
export const faces = (["en", "ja"] as const).flatMap((lang) =>
  (["light", "dark"] as const).map((theme) => ({ lang, theme })),
);

/** The events of a composition that ends in Enter, as an engine sends them to the field that has the keyboard. */
export async function endComposition(page: Page, order: "chromium" | "webkit", isCtrl: boolean): Promise<void> {
  await page.evaluate(
    ({ order, isCtrl }) => {
      const field = document.activeElement ?? document.body;
      const enter = { key: "Enter", code: "Enter", ctrlKey: isCtrl, bubbles: true, cancelable: true };
      const end = (): boolean => field.dispatchEvent(new CompositionEvent("compositionend", { bubbles: true }));
      field.dispatchEvent(new CompositionEvent("compositionstart", { bubbles: true }));
      if (order === "webkit") end();
      field.dispatchEvent(new KeyboardEvent("keydown", { ...enter, isComposing: order === "chromium" }));
      if (order === "chromium") end();
      field.dispatchEvent(new KeyboardEvent("keyup", enter));
    },
    { order, isCtrl },
  );
  await page.clock.runFor(200);
}
