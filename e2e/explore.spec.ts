import type { Page } from "@playwright/test";
import type { ServerProcess } from "../bench/server-process";
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

const DAY_MS = 86_400_000;
const YESTERDAY = new Date(Date.now() - DAY_MS).toISOString();
/** A week before yesterday: the day that yesterday is held against. */
const WEEK_BEFORE = new Date(Date.now() - 8 * DAY_MS).toISOString();

/** Calls of gpt-4o-mini at $0.15 a million input tokens. */
const call = (id: string, timestamp: string, feature: string, millions: number, rest: object) => ({
  id,
  timestamp,
  feature,
  provider: "openai",
  model: "gpt-4o-mini",
  usage: { input_tokens: millions * 1_000_000, output_tokens: 0 },
  ...rest,
});
const EVENTS = [
  call("now-1", YESTERDAY, "billing", 10, { metadata: { team: "red" }, duration_ms: 900 }),
  call("now-2", YESTERDAY, "billing", 10, { metadata: { team: "red" }, duration_ms: 900 }),
  call("now-3", YESTERDAY, "search", 4, { metadata: { team: "blue" }, duration_ms: 2_340 }),
  call("then-1", WEEK_BEFORE, "billing", 10, {}),
  call("then-2", WEEK_BEFORE, "legacy", 2, {}),
];

test.describe
  .serial("Explore with exact dollars", () => {
    let server: ServerProcess;
    let page: Page;

    test.beforeAll(async ({ browser }) => {
      test.setTimeout(240_000);
      server = await startWithAdmin();
      await sendEvents(server, server.key, EVENTS);
      const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
      page = await context.newPage();
      await signIn(page, server.url);
    });
    test.afterAll(async () => {
      await page?.context().close();
      if (server) await stopAndRemove(server);
    });

    const rowOf = (table: string, name: string) =>
      page
        .getByRole("region", { name: table, exact: true })
        .getByRole("row")
        .filter({
          has: page.getByRole("rowheader", { name, exact: true }),
        });

    test("finance compares features with the week before: what is new, what is gone, and why", async () => {
      test.setTimeout(360_000);
      await page.goto(`${server.url}/explore?range=7d`);
      const table = "Spend by Feature";
      await expect(rowOf(table, "Total")).toContainText("$3.60", { timeout: 60_000 });
      await page.locator("body").press("x");
      await expect(rowOf(table, "billing")).toContainText("up 100 %, +$1.50");
      await expect(rowOf(table, "search")).toContainText("new, +$0.60");
      await expect(rowOf(table, "legacy")).toContainText("gone, −$0.30");
      await expect(rowOf(table, "Total")).toContainText("up 100 %, +$1.80");
      await expect(page.getByText("Total cost").locator("..")).toContainText("$3.60");
      await expect(page.getByText("Total cost").locator("..")).toContainText("up 100 %, +$1.80");

      // Half of it are more calls, half are longer ones, and the price is the same.
      const moved = rowOf("What moved the cost by Feature", "All features");
      await expect(moved.getByRole("cell")).toHaveText([
        "up 100 %, +$1.80",
        "+$0.90",
        "$0.00",
        "+$0.90",
        "$0.00",
      ]);
      await expectNoAxeViolation(page);

      // The address alone makes the page again, with a second group; Back takes it away.
      await page.goto(`${page.url()}&group2=model`);
      const both = "Spend by Feature and Model";
      await expect(rowOf(both, "billing")).toContainText("gpt-4o-mini");
      await expect(rowOf(both, "billing")).toContainText("up 100 %, +$1.50");
      await expect(rowOf(both, "Total")).toContainText("$3.60");
      await page.goBack();
      await expect(rowOf(table, "legacy")).toContainText("gone");
    });

    test("an engineer finds the slow team by a metadata key, and in two clicks a call's price lines", async () => {
      test.setTimeout(360_000);
      await page.goto(`${server.url}/explore?range=7d`);
      await page.getByRole("button", { name: "Group by: Feature" }).click();
      await page.getByRole("menuitemradio", { name: "Metadata key…" }).click();
      await page.getByLabel("Metadata key").fill("team");
      await page.getByLabel("Metadata key").press("Enter");
      await page.getByRole("button", { name: "Metric: Cost" }).click();
      await page.getByRole("menuitemradio", { name: "p95 latency" }).click();
      await expect(page.getByRole("heading", { name: "p95 latency by team" })).toBeVisible();
      await expect(rowOf("Spend by team", "blue")).toContainText("2.34 s");
      await expect(rowOf("Spend by team", "red")).toContainText("900 ms");
      await expectNoAxeViolation(page);

      await page.getByRole("link", { name: "Calls of blue" }).click();
      await page.waitForURL("**/calls?**");
      await page.getByRole("row").filter({ hasText: "$0.60" }).getByRole("link").first().click();
      const lines = page.getByRole("region", { name: "Price lines" });
      await expect(lines).toContainText("4,000,000");
      await expect(lines.getByRole("row").last()).toContainText("$0.6");
    });

    test("the chart is walked with the arrow keys, Enter opens a bucket, and Back leaves it", async () => {
      test.setTimeout(240_000);
      await page.goto(`${server.url}/explore?range=7d`);
      const region = page.getByRole("region", { name: "The chart" });
      const chart = region.locator("svg[tabindex]");
      const drawing = region.getByRole("button", { name: "Cost by feature" });
      await expect(drawing).toBeVisible({ timeout: 60_000 });
      // Nobody was there before: the drawing is replaced by the chart, which takes over the focus.
      await drawing.focus();
      await expect(chart).toBeFocused({ timeout: 60_000 });
      // To the running day, however many there are, and back to the one before.
      for (let n = 0; n < 8; n += 1) await chart.press("ArrowRight");
      await expect(region.getByText("so far").first()).toBeVisible();
      await chart.press("ArrowLeft");
      await expect(region.locator(".recharts-tooltip-wrapper")).toContainText("$3.60");
      await chart.press("Enter");
      await page.waitForURL("**range=custom**");
      await expect(rowOf("Spend by Feature", "Total")).toContainText("$3.60");
      const day = new URL(page.url()).searchParams;
      expect(day.get("from")).toContain(YESTERDAY.slice(0, 10));
      // Whoever has no mouse goes on where they are.
      await expect
        .poll(() => page.evaluate(() => document.activeElement?.closest("svg[tabindex]") !== null))
        .toBe(true);
      await page.goBack();
      await page.waitForURL("**range=7d**");
    });

    test("the palette changes the question: what it is held against, by what, and of what", async () => {
      test.setTimeout(240_000);
      await page.goto(`${server.url}/explore?range=7d`);
      await expect(rowOf("Spend by Feature", "Total")).toContainText("$3.60", { timeout: 60_000 });
      const choose = async (text: string) => {
        await page.keyboard.press("Control+k");
        await page.getByPlaceholder("Type what to do or where to go").fill(text);
        await page.keyboard.press("Enter");
      };
      await choose("compare with previous");
      await expect(rowOf("Spend by Feature", "Total")).toContainText("up 100 %, +$1.80");
      await choose("group by model");
      await expect(rowOf("Spend by Model", "gpt-4o-mini")).toContainText("up 100 %, +$1.80");
      await choose("show retry rate");
      await page.waitForURL("**metric=retry-rate**");
      await choose("compare with nothing");
      await expect.poll(() => new URL(page.url()).searchParams.get("compare")).toBeNull();
    });

    test("a small dark screen holds the comparison without scrolling sideways", async () => {
      await page.setViewportSize({ width: 390, height: 844 });
      await page.emulateMedia({ colorScheme: "dark" });
      await page.goto(
        `${server.url}/explore?range=7d&compare=previous&weekday=true&metric=call-cost`,
      );
      await expect(rowOf("Spend by Feature", "billing")).toContainText("no change");
      await expect(page.getByText("What moved the cost").first()).toBeVisible();
      await expectNoAxeViolation(page);
      await expectNoOverflow(page);
    });
  });
