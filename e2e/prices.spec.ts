import type { Page } from "@playwright/test";
import { expect, expectNoAxeViolation, expectNoOverflow, sendEvents, test } from "./server-fixture";

const YESTERDAY_MS = Date.now() - 86_400_000;

const call = (id: string, minute: number, named: object, usage: object | null) => ({
  id,
  timestamp: new Date(YESTERDAY_MS + minute * 60_000).toISOString(),
  ...named,
  ...(usage ? { usage } : {}),
});
const USAGE = { input_tokens: 1_000_000, output_tokens: 500_000 };
const OWN = { provider: "vllm", model: "house-large" };

/** 0.15 + 0.30 dollars for the known one, nothing known of the others; one says nothing to price. */
const EVENTS = [
  call("known", 0, { provider: "openai", model: "gpt-4o-mini" }, USAGE),
  call("own-1", 1, OWN, USAGE),
  call("own-2", 2, OWN, USAGE),
  call("silent", 3, { provider: "openai", model: "gpt-4o" }, null),
];

/** What Explore is answered with, for the same days. */
async function spendOf(page: Page, url: string) {
  const response = await page.request.get(`${url}/api/spend?figures=cost_usd,unpriced_calls`);
  const { total } = await response.json();
  return total as { cost_usd: string; unpriced_calls: number };
}

test("an unpriced model is mapped and repriced, and the total moves by exactly what the preview said", async ({
  ownServer: server,
  adminPage: page,
}) => {
  test.setTimeout(240_000);

  // Nothing was received: the catalogue is there all the same.
  await page.goto(`${server.url}/prices`);
  await expect(page.getByText("Nothing was received yet")).toBeVisible();
  const catalogue = page.getByRole("region", { name: "Catalogue", exact: true });
  await catalogue.getByRole("searchbox").fill("gpt-4o-mini-2024");
  await expect(catalogue.getByRole("rowheader").first()).toContainText("gpt-4o-mini-2024");
  await expect(page).toHaveURL(/q=gpt-4o-mini-2024/);
  await expectNoAxeViolation(page);

  await sendEvents(server, server.key, EVENTS);
  await expect
    .poll(() => spendOf(page, server.url))
    .toEqual({ cost_usd: "0.45", unpriced_calls: 3 });
  await page.goto(`${server.url}/explore`);
  await expect(page.getByRole("link", { name: "Prices" })).toBeVisible();
  await page.locator("body").press("g");
  await page.locator("body").press("p");
  await page.waitForURL("**/prices**");

  const unpriced = page.getByRole("region", { name: "Calls without a price" });
  await expect(unpriced).toContainText("3 calls without a known cost, of 2 models");
  // What a price mends comes first, and of the other nobody here is asked for one.
  const own = unpriced.getByRole("listitem", { name: "house-large" });
  await expect(own).toContainText("nobody publishes a price");
  await expect(unpriced.getByRole("button", { name: "Map to a model" })).toHaveCount(1);

  await own.getByRole("button", { name: "Map to a model" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Priced like").fill("gpt-4o-mini");
  await dialog.getByRole("radio", { name: /^gpt-4o-mini openai/ }).check();
  await dialog.getByRole("button", { name: "Preview" }).click();
  await expect(dialog.getByText("$0.90 more")).toHaveAttribute("title", "$0.9");
  await expectNoAxeViolation(page);
  // It was looked at only.
  expect(await spendOf(page, server.url)).toEqual({ cost_usd: "0.45", unpriced_calls: 3 });

  await dialog.getByRole("button", { name: "Save price" }).click();
  await expect(dialog.getByText("Say why, in a few words")).toBeVisible();
  await dialog.getByLabel("Note").fill("The same weights, as the hosting contract says");
  await dialog.getByRole("button", { name: "Save price" }).click();
  await expect(dialog.getByText("The price is saved")).toBeVisible();
  await expect(dialog.getByText("$0.90 more")).toBeVisible();
  await expect(dialog.getByLabel("Reason")).toHaveValue(/hosting contract/);
  await dialog.getByRole("button", { name: "Reprice 2 calls" }).click();
  await expect(dialog.getByText("2 calls repriced")).toBeVisible({ timeout: 30_000 });
  await dialog.getByRole("button", { name: "Done" }).click();

  await expect(unpriced).toContainText("1 call without a known cost, of 1 model");
  expect(await spendOf(page, server.url)).toEqual({ cost_usd: "1.35", unpriced_calls: 1 });
  const prices = page.getByRole("region", { name: "Your prices" });
  const mapped = prices.getByRole("listitem", { name: "house-large, in force" });
  await expect(mapped).toContainText("openai/gpt-4o-mini");
  await expect(page.getByRole("region", { name: "Reprices" })).toContainText("$0.90 more");
  await page.goto(`${server.url}/explore`);
  await expect(page.getByTitle("$1.35", { exact: true }).first()).toBeVisible();

  // The same names for times that are taken already: refused, in words.
  await page.goto(`${server.url}/prices?q=gpt-4o-mini-2024`);
  await mapped.getByRole("button", { name: "Change…" }).click();
  await dialog.getByLabel("Holds for").selectOption("All calls, also earlier ones");
  await dialog.getByLabel("Note").fill("Twice");
  await dialog.getByRole("button", { name: "Save price" }).click();
  await expect(dialog.getByRole("alert")).toContainText("Close it, or choose times outside of it");
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await mapped.getByRole("button", { name: "End…" }).click();
  await dialog.getByRole("button", { name: "End the price" }).click();
  await expect(prices.getByRole("listitem", { name: "house-large, ended" })).toBeVisible();

  await page.setViewportSize({ width: 390, height: 844 });
  await page.emulateMedia({ colorScheme: "dark" });
  await page.reload();
  await expect(unpriced).toContainText("1 call without a known cost");
  await expectNoAxeViolation(page);
  await expectNoOverflow(page);
});
