import fs from "node:fs";
import http from "node:http";
import path from "node:path";
import type { Browser, Page } from "@playwright/test";
import type { ServerProcess } from "../bench/server-process";
import { batchesOfMonth } from "../lib/demo/demo-month";
import { SCREENS, SETTINGS_SECTIONS } from "../lib/paths";
import {
  expect,
  expectNoAxeViolation,
  expectNoOverflow,
  sendEvents,
  signIn,
  startWithAdmin,
  stopAndRemove,
  test,
} from "./server-fixture";

/** Kept with the run: they are there to be looked at. */
const FOLDER = "test-results/screens";
const DAYS = 4;
const MAX_FIRST_LOAD_BYTES = 200_000;

let server: ServerProcess;

test.describe
  .parallel("every screen, in both themes and two widths", () => {
    // Once a worker: each has a server of its own, and half of the looks.
    test.beforeAll(async () => {
      test.setTimeout(240_000);
      fs.mkdirSync(FOLDER, { recursive: true });
      server = await startWithAdmin();
      for (const { events } of batchesOfMonth(Date.now(), DAYS)) {
        await sendEvents(server, server.key, events);
      }
    });
    test.afterAll(async () => {
      if (server) await stopAndRemove(server);
    });

    for (const colorScheme of ["light", "dark"] as const) {
      for (const width of [1440, 390]) {
        test(`${colorScheme}, ${width} px: nothing scrolls sideways, and axe finds nothing`, async ({
          browser,
        }) => {
          test.setTimeout(300_000);
          const page = await openPage(browser, { colorScheme, width });
          for (const { id, label, path: address } of SCREENS) {
            await page.goto(`${server.url}${address}`);
            await expect(page.getByRole("heading", { level: 1, name: label })).toBeAttached({
              timeout: 60_000,
            });
            // What lies below the first sight is drawn for somebody who is there. No script notes an earlier sign.
            await page.waitForLoadState("networkidle");
            await page.mouse.move(1, 1);
            await page.waitForLoadState("networkidle");
            await expectNoOverflow(page, label);
            await expectNoAxeViolation(page);
            const file = path.join(FOLDER, `${id}-${width}-${colorScheme}.png`);
            await page.screenshot({ path: file, fullPage: true });
          }
          await page.context().close();
        });
      }
    }

    test("320 px without motion: nothing scrolls sideways, and nothing moves", async ({
      browser,
    }) => {
      test.setTimeout(360_000);
      const look = { colorScheme: "light", width: 320, reducedMotion: "reduce" } as const;
      const page = await openPage(browser, look);
      const settings = SETTINGS_SECTIONS.map(({ label, path: address }) => ({
        label: `Settings: ${label}`,
        path: address,
      }));
      for (const { label, path: address } of [...SCREENS, ...settings]) {
        await page.goto(`${server.url}${address}`);
        await expect(page.getByRole("heading", { level: 1 })).toBeAttached({ timeout: 60_000 });
        await page.waitForLoadState("networkidle");
        const { overflow, moving } = await page.evaluate(() => ({
          overflow: document.documentElement.scrollWidth - window.innerWidth,
          // What changes within a frame, however late, is no motion.
          moving: document
            .getAnimations()
            .filter((one) => Number(one.effect?.getComputedTiming().activeDuration ?? 0) > 16)
            .map((one) =>
              String(one.id || (one.effect as KeyframeEffect | null)?.target?.className),
            ),
        }));
        expect(overflow, `${label} is wider than the window`).toBeLessThanOrEqual(0);
        expect(moving, label).toEqual([]);
      }
      await page.context().close();
    });

    test("the first load of a screen is less than 200 kB of compressed script", async ({
      browser,
    }) => {
      test.setTimeout(360_000);
      const page = await openPage(browser, { colorScheme: "light", width: 1440 });
      const tooLarge: string[] = [];
      for (const { label, path: address } of SCREENS) {
        const response = await page.goto(`${server.url}${address}`);
        const html = (await response?.text()) ?? "";
        const bytes = await sumBytes(listScripts(html));
        expect(bytes, label).toBeGreaterThan(10_000);
        if (bytes >= MAX_FIRST_LOAD_BYTES) tooLarge.push(`${label}: ${bytes} bytes`);
      }
      expect(tooLarge).toEqual([]);
      await page.context().close();
    });

    test("a palette, a list of keys, and letters lead anywhere without a mouse", async ({
      browser,
    }) => {
      test.setTimeout(240_000);
      const page = await openPage(browser, { colorScheme: "light", width: 1440 });
      await page.goto(`${server.url}/explore`);
      await expect(page.getByRole("region", { name: "Spend by Feature" })).toBeVisible({
        timeout: 60_000,
      });
      await page.keyboard.press("Control+k");
      await page.getByPlaceholder("Type what to do or where to go").fill("sess");
      await page.keyboard.press("Enter");
      await page.waitForURL("**/sessions**");
      await expect(page.getByRole("region", { name: "List of sessions" })).toBeVisible({
        timeout: 60_000,
      });
      await page.locator("body").press("?");
      await expect(page.getByRole("dialog", { name: "Keyboard shortcuts" })).toBeVisible();
      await expectNoAxeViolation(page);
      await page.keyboard.press("Escape");
      await page.locator("body").press("w");
      await page.waitForURL("**range=7d**");
      // At once, before the page has drawn the range: it goes along all the same.
      await page.keyboard.type("gc");
      await page.waitForURL("**/calls?range=7d**");
      await page.goBack();
      await page.waitForURL("**/sessions?range=7d**");
      await page.context().close();
    });
  });

async function openPage(
  browser: Browser,
  look: { colorScheme: "light" | "dark"; width: number; reducedMotion?: "reduce" },
): Promise<Page> {
  const viewport = { width: look.width, height: 900 };
  const context = await browser.newContext({
    viewport,
    colorScheme: look.colorScheme,
    reducedMotion: look.reducedMotion ?? "no-preference",
  });
  const page = await context.newPage();
  await signIn(page, server.url);
  return page;
}

/** What the page's own HTML asks for; a browser of this decade leaves out what is marked `noModule`. */
function listScripts(html: string): string[] {
  const tags = [...html.matchAll(/<script\b[^>]*>/gi)].map(([tag]) => tag);
  const sources = tags
    .filter((tag) => !/\bnomodule\b/i.test(tag))
    .flatMap((tag) => /\bsrc="([^"]+)"/.exec(tag)?.[1] ?? []);
  return [...new Set(sources)];
}

async function sumBytes(sources: readonly string[]): Promise<number> {
  let sum = 0;
  for (const source of sources) sum += await compressedBytes(new URL(source, server.url));
  return sum;
}

/** Bytes on the wire: `fetch` would unpack them. */
function compressedBytes(url: URL): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = http.get(url, { headers: { "accept-encoding": "gzip" } }, (response) => {
      let bytes = 0;
      response.on("data", (chunk: Buffer) => {
        bytes += chunk.length;
      });
      response.on("end", () => resolve(bytes));
      response.on("error", reject);
    });
    request.on("error", reject);
  });
}
