/** The window in Debian's chromium over the fixtures, served with the content policy of the packaged window. */
import { defineConfig } from "@playwright/test";

export default defineConfig({
  testDir: "../tests/ui",
  outputDir: "node_modules/.playwright",
  fullyParallel: true,
  workers: 2,
  // Generous, since the machine may be busy with other things; nothing here waits for a time.
  timeout: 90_000,
  // A key that is pressed while two browsers share two cores is lost now and then. What needs a second try is named as flaky at the end.
  retries: 1,
  expect: { timeout: 15_000 },
  reporter: [["list"]],
  use: {
    baseURL: "http://127.0.0.1:4173",
    viewport: { width: 1280, height: 800 },
    timezoneId: "Asia/Tokyo",
    locale: "en-GB",
    launchOptions: { executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] },
  },
  webServer: {
    command: "npm run messages && npx vite build --mode fake && npx vite preview --mode fake --host 127.0.0.1",
    url: "http://127.0.0.1:4173",
    timeout: 180_000,
    reuseExistingServer: false,
  },
});
