import fs from "node:fs";
import type { Page } from "@playwright/test";
import { toFemto } from "../lib/export/to-femto";
import { parseCsv } from "../lib/testing/parse-csv";
import { expect, expectNoAxeViolation, expectNoOverflow, sendEvents, test } from "./server-fixture";

const FEMTO_PER_MICRO = 10n ** 9n;

/** gpt-4o-mini: $0.15 a million tokens in, so that each call's cost is exact: 1 to 3 tokens are 0.15 to 0.45 millionths. */
const EVENTS = Array.from({ length: 30 }, (_, n) => ({
  id: `event-${n}`,
  timestamp: new Date(Date.now() - 3_600_000 - n * 60_000).toISOString(),
  provider: "openai",
  model: "gpt-4o-mini",
  feature: ["search", "=SUM(A1)", 'say "hi", there'][n % 3],
  usage: { input_tokens: 1 + (n % 3), output_tokens: 0 },
}));

async function download(page: Page, item?: string): Promise<{ name: string; text: string }> {
  await page.getByRole("button", { name: "CSV" }).click();
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    item ? page.getByRole("menuitem", { name: item }).click() : null,
  ]);
  const text = fs.readFileSync(await file.path(), "utf8");
  // By the mark Excel knows UTF-8; a program leaves it out.
  expect(text[0]).toBe("\uFEFF");
  return { name: file.suggestedFilename(), text: text.slice(1) };
}

test("finance saves a view, opens it again after a reload, and takes a file whose sum is the page's to the last digit", async ({
  ownServer: server,
  adminPage: page,
}) => {
  test.setTimeout(240_000);
  await sendEvents(server, server.key, EVENTS);
  await page.goto(`${server.url}/explore?range=7d&group=model&filter=feature:search`);

  await page.getByRole("button", { name: "Views" }).click();
  await expect(page.getByText("Nothing saved yet")).toBeVisible();
  await expectNoAxeViolation(page);
  await page.getByRole("button", { name: "Save view" }).click();
  await page.getByLabel("Name").fill("Search by model");
  await expectNoAxeViolation(page);
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByRole("dialog")).toHaveCount(0);

  await page.goto(`${server.url}/explore`);
  await page.getByRole("button", { name: "Views" }).click();
  await page.getByRole("link", { name: "Search by model" }).click();
  await page.waitForURL("**/explore?**");
  const opened = new URL(page.url()).searchParams;
  expect([opened.get("range"), opened.get("group"), opened.getAll("filter")]).toEqual([
    "7d",
    "model",
    ["feature:search"],
  ]);

  // 10 calls of 1 token.
  const file = await download(page, "The table: by model");
  expect(file.name).toMatch(/^outlay-spend_default_\d{4}-\d\d-\d\d_\d{4}-\d\d-\d\d_UTC\.csv$/);
  const { rows } = parseCsv(file.text);
  const sum = rows.reduce((total, row) => total + toFemto(row.cost_usd ?? ""), 0n);
  expect(sum).toBe(10n * 150n * (FEMTO_PER_MICRO / 1000n));
  const query = new URLSearchParams({
    from: rows[0]?.range_from ?? "",
    to: rows[0]?.range_to ?? "",
    "filter.feature": "search",
  });
  const answer = await page.request.get(`${server.url}/api/spend?${query}`);
  const { total } = (await answer.json()) as { total: { cost_usd: string } };
  expect(sum).toBe(toFemto(total.cost_usd));
  const footer = page.getByRole("region", { name: "The table" }).getByRole("row").last();
  await expect(footer.locator(`[title*="${total.cost_usd}"]`).first()).toBeVisible();

  await page.goto(`${server.url}/calls?range=7d`);
  const calls = parseCsv((await download(page)).text).rows;
  expect(calls.map(({ id }) => id)).toEqual(EVENTS.map(({ id }) => id));
  expect(calls[1]?.feature).toBe("'=SUM(A1)");
  expect(calls[2]?.feature).toBe('say "hi", there');

  await page.setViewportSize({ width: 390, height: 844 });
  await page.emulateMedia({ colorScheme: "dark" });
  await page.goto(`${server.url}/explore`);
  await page.getByRole("button", { name: "Views" }).click();
  await page.getByRole("button", { name: "Change Search by model" }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await expectNoAxeViolation(page);
  await page.getByRole("button", { name: "Delete the view" }).click();
  await page.getByRole("button", { name: "Views" }).click();
  await expect(page.getByText("Nothing saved yet")).toBeVisible();
  await expectNoOverflow(page);
});
