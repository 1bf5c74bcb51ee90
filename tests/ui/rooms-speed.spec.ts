/**
 * How fast 500 rooms × 31 days are painted and one day's step is, beside as many plain boxes; one line of figures.
 *
 * It measures time, so it is no test: `cargo xtask bench` asks for it, and everybody else passes it over.
 */
import { test } from "../../ui/browser-test.ts";

const ROUNDS = 7;
const ROOMS = 500;
const DAYS = 31;

test("figures of the rooms", async ({ page }) => {
  test.skip(!process.env["FRONTDESK_FIGURES"], "measured by cargo xtask bench");
  test.setTimeout(300_000);
  const paints: number[] = [];
  const steps: number[] = [];
  const boxes: number[] = [];
  const boxSteps: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    await page.goto(`/?fake=full&lang=en&theme=light&view=rooms&quiet=1&rooms=${ROOMS}&round=${round}#/rooms`);
    await page.getByRole("grid", { name: "Rooms by time" }).waitFor();
    await page.evaluate(() => document.fonts.ready.then(() => null));
    // What is under way is painted first, so that it is counted with nothing.
    await page.evaluate(() => new Promise((done) => setTimeout(done, 300)));
    paints.push(
      await page.evaluate(async () => {
        const start = performance.now();
        dispatchEvent(new KeyboardEvent("keydown", { key: "g", bubbles: true }));
        return new Promise<number>((done) => {
          const look = (): void => {
            const grid = document.querySelector('[role=grid][aria-label="Rooms by day"]');
            if (grid && grid.querySelectorAll("[role=rowheader]").length > 5)
              requestAnimationFrame(() => setTimeout(() => done(performance.now() - start)));
            else requestAnimationFrame(look);
          };
          look();
        });
      }),
    );
    const inDay = await page.evaluate(async () => {
      dispatchEvent(new KeyboardEvent("keydown", { key: "d", bubbles: true }));
      await new Promise((done) => setTimeout(done, 400));
      const times: number[] = [];
      for (let step = 0; step < 8; step += 1) {
        const title = document.querySelector("h2[aria-live]")?.textContent;
        const start = performance.now();
        dispatchEvent(new KeyboardEvent("keydown", { key: step % 2 ? "PageUp" : "PageDown", bubbles: true }));
        times.push(
          await new Promise<number>((done) => {
            const look = (): void => {
              if (document.querySelector("h2[aria-live]")?.textContent === title) requestAnimationFrame(look);
              else requestAnimationFrame(() => setTimeout(() => done(performance.now() - start)));
            };
            look();
          }),
        );
        await new Promise((done) => setTimeout(done, 100));
      }
      return times;
    });
    steps.push(...inDay);
    const plain = await page.evaluate(
      async ([rooms, days]) => {
        const painted = (): Promise<void> =>
          new Promise((done) => requestAnimationFrame(() => setTimeout(() => done())));
        const host = document.createElement("div");
        host.style.cssText = "position:fixed;inset:0;overflow:auto;background:#fff;z-index:99";
        const fill = (shade: number): void => {
          const parts = document.createDocumentFragment();
          for (let row = 0; row < rooms; row += 1)
            for (let column = 0; column < days; column += 1) {
              const box = document.createElement("div");
              const hue = (row * 7 + column * 13 + shade) % 360;
              box.style.cssText = `position:absolute;top:${row * 28}px;left:${column * 30}px;width:29px;height:27px;background:hsl(${hue} 40% 80%)`;
              parts.append(box);
            }
          host.replaceChildren(parts);
        };
        await painted();
        const start = performance.now();
        fill(0);
        document.body.append(host);
        await painted();
        const first = performance.now() - start;
        const again = performance.now();
        fill(40);
        await painted();
        const second = performance.now() - again;
        host.remove();
        return [first, second] as const;
      },
      [ROOMS, DAYS] as const,
    );
    boxes.push(plain[0]);
    boxSteps.push(plain[1]);
  }
  const middle = (all: number[]): number => [...all].sort((a, b) => a - b)[Math.floor(all.length / 2)] ?? Number.NaN;
  const figures = {
    paint: middle(paints),
    paint_floor: middle(boxes),
    step: middle(steps),
    step_floor: middle(boxSteps),
  };
  console.log(`figures ${JSON.stringify(figures)}`);
});
