import type { Page } from "@playwright/test";
import { expect, expectNoAxeViolation, sendEvents, signIn, test } from "./server-fixture";

const ADA = { name: "Ada Byron", email: "ada@example.com", password: "a long enough password" };

/** A minute ago, so that it lies in every range that ends now. */
const justNow = (): string => new Date(Date.now() - 60_000).toISOString();

async function readCommand(page: Page): Promise<{ url: string; key: string; body: string }> {
  const command = (await page.getByLabel("Command", { exact: true }).textContent())?.trim() ?? "";
  const url = /^curl (\S+)/.exec(command)?.[1] ?? "";
  const key = /Bearer ([^']+)'/.exec(command)?.[1] ?? "";
  const body = /-d '([^']+)'/.exec(command)?.[1] ?? "";
  return { url, key, body };
}

test.describe
  .serial("from the setup link to one call's price lines", () => {
    let key = "";

    test("the setup link makes the admin, and the page turns into the chart when the event arrives", async ({
      page,
      server,
    }) => {
      await page.goto(server.setupUrl ?? "");
      await expectNoAxeViolation(page);
      await page.getByLabel("Your name").fill(ADA.name);
      await page.getByLabel("E-mail").fill(ADA.email);
      await page.getByLabel("Password").fill(ADA.password);
      await page.getByLabel("Organisation").fill("Analytical Engines");
      await page.getByRole("button", { name: "Make the account" }).click();
      await expect(page.getByRole("heading", { name: "Send the first event" })).toBeVisible();
      await expectNoAxeViolation(page);

      await page.getByRole("button", { name: "Create a key" }).click();
      await expect(page.getByText("It is shown this once")).toBeVisible();
      const command = await readCommand(page);
      key = command.key;
      const response = await fetch(command.url, {
        method: "POST",
        headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
        body: command.body,
      });
      expect(response.status).toBe(202);
      // 12,000 x $0.15 + 800 x $0.60 a million = $0.0018 + $0.00048; sums show cents.
      await expect(page.getByRole("region", { name: "Spend by Feature" })).toContainText("hello");
      await expect(page.getByText("<$0.01").first()).toBeVisible();
    });

    test("the setup link works once", async ({ page, server }) => {
      await page.goto(server.setupUrl ?? "");
      await expect(page.getByText("Set up already")).toBeVisible();
    });

    test("a page asks who you are before it shows a figure", async ({ page, server }) => {
      await page.goto(`${server.url}/explore`);
      await page.waitForURL("**/sign-in**");
      await page.getByLabel("E-mail").fill(ADA.email);
      await page.getByLabel("Password").fill("not the password");
      await page.getByRole("button", { name: "Sign in" }).click();
      await expect(page.getByRole("alert").filter({ hasText: /./ })).toBeVisible();
      await expectNoAxeViolation(page);
    });

    for (const colorScheme of ["light", "dark"] as const) {
      test(`events by HTTP become exact dollars by feature, down to one call's lines (${colorScheme})`, async ({
        browser,
        server,
      }) => {
        const timestamp = justNow();
        const call = (id: string, feature: string | null, rest: object) => ({
          id,
          timestamp,
          ...(feature ? { feature } : {}),
          ...rest,
        });
        const anthropic = { provider: "anthropic", model: "claude-sonnet-4-5-20250929" };
        await sendEvents(server, key, [
          call(`${colorScheme}-1`, `billing-${colorScheme}`, {
            ...anthropic,
            raw_usage: {
              api: "anthropic.messages",
              body: {
                input_tokens: 1_000_000,
                cache_read_input_tokens: 100_000,
                output_tokens: 2_000,
              },
            },
          }),
          call(`${colorScheme}-2`, `billing-${colorScheme}`, {
            ...anthropic,
            usage: { input_tokens: 10_000, output_tokens: 1_000 },
          }),
          call(`${colorScheme}-3`, `billing-${colorScheme}`, {
            provider: "ollama",
            model: "llama3.1:8b",
            usage: { input_tokens: 500, output_tokens: 5 },
          }),
        ]);
        const context = await browser.newContext({ colorScheme });
        const page = await context.newPage();
        await signIn(page, server.url, ADA);
        await page.goto(`${server.url}/explore`);
        // 1.1 M input is over 200,000: $6, $0.60 cached and $22.50 a million. 6 + 0.06 + 0.045 = 6.105;
        // the second: 0.03 + 0.015 = 0.045. Together $6.15; the third has no price, which is not $0.
        const row = page.getByRole("row").filter({ hasText: `billing-${colorScheme}` });
        await expect(row).toContainText("$6.15");
        await expectNoAxeViolation(page);

        await row.getByRole("link", { name: `Calls of billing-${colorScheme}` }).click();
        await page.waitForURL("**/calls?**");
        await expect(page.getByRole("row").filter({ hasText: "claude-sonnet" })).toHaveCount(2);
        await expect(page.getByRole("row").filter({ hasText: "llama3.1" })).toContainText("—");
        await expectNoAxeViolation(page);

        const dear = page.getByRole("row").filter({ hasText: "$6.1" });
        await dear.getByRole("link").first().click();
        const lines = page.getByRole("region", { name: "Price lines" });
        await expect(lines).toContainText("$0.06");
        await expect(lines.getByRole("row").last()).toContainText("$6.105");
        await expectNoAxeViolation(page);
        await context.close();
      });
    }
  });
