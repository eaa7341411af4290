/**
 * Takes the README's pictures from the demo company: `npm run screenshots`. A server of its own, filled through
 * the public API, seen in Chromium in both themes.
 */
import fs from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { chromium } from "@playwright/test";
import { postDemo } from "../bench/post-demo";
import { type ServerProcess, startServer } from "../bench/server-process";
import { DEMO_BUDGETS } from "../lib/demo/demo-budgets";
import { DEMO_PROJECT } from "../lib/demo/demo-month";
import { CHROMIUM_OPTIONS } from "../playwright.config";

const FOLDER = "docs/images";
const ADMIN = { email: "ada@example.com", password: "a long enough password" };

/** Makes the demo company's budgets; returns when what was spent is counted into them. */
async function makeBudgets(server: ServerProcess): Promise<void> {
  const headers = { authorization: `Bearer ${server.key}`, "content-type": "application/json" };
  const address = `${server.url}/api/budgets?project=${DEMO_PROJECT.slug}`;
  for (const budget of DEMO_BUDGETS) {
    const init = { method: "POST", headers, body: JSON.stringify(budget) };
    const response = await fetch(address, init);
    if (!response.ok) throw new Error(`${address}: ${response.status} ${await response.text()}`);
  }
  for (let isCounting = true; isCounting; ) {
    await sleep(500);
    const { budgets } = await (await fetch(address, { headers })).json();
    isCounting = budgets.some(({ state }: { state: string }) => state === "counting");
  }
}

async function takePictures(server: ServerProcess): Promise<void> {
  const browser = await chromium.launch(CHROMIUM_OPTIONS);
  for (const colorScheme of ["light", "dark"] as const) {
    const viewport = { width: 1440, height: 1180 };
    const context = await browser.newContext({ colorScheme, viewport, timezoneId: "UTC" });
    const page = await context.newPage();
    await page.goto(`${server.url}/sign-in`);
    await page.getByLabel("E-mail").fill(ADMIN.email);
    await page.getByLabel("Password").fill(ADMIN.password);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.waitForURL("**/overview**");
    const take = async (name: string, address: string, region: string): Promise<void> => {
      await page.goto(`${server.url}${address}`);
      // What lies below the first sight is drawn for somebody who is there. No script notes an earlier sign.
      await page.waitForLoadState("networkidle");
      await page.mouse.move(1, 1);
      await page.getByRole("region", { name: region }).first().waitFor({ timeout: 60_000 });
      await page.waitForLoadState("networkidle");
      await page.screenshot({ path: `${FOLDER}/${name}-${colorScheme}.png` });
    };
    await take("overview", "/overview?project=demo", "Costliest sessions");
    await take("explore", "/explore?project=demo&range=7d&compare=previous", "Spend by Feature");
    await take("budgets", "/budgets?project=demo", "Budgets");
    await page.getByRole("link", { name: "Research, a month" }).click();
    await page.waitForURL("**/budgets/*");
    await take("budget", page.url().replace(server.url, ""), "The burn-down");
    await take("controls", "/controls?project=demo", "Switches");
    await take("prices", "/prices?project=demo", "Calls without a price");
    await page.goto(`${server.url}/calls?project=demo`);
    await page.getByRole("region", { name: "List of calls" }).getByRole("link").first().click();
    await page.getByRole("region", { name: "Price lines" }).waitFor();
    await page.waitForLoadState("networkidle");
    await page.screenshot({ path: `${FOLDER}/call-${colorScheme}.png` });
    await page.goto(`${server.url}/sessions?project=demo&range=30d`);
    // The dearest is the runaway: one call like the other. The next one has agents below agents.
    const sessions = page.getByRole("region", { name: "List of sessions" }).getByRole("row");
    await sessions.nth(2).getByRole("link").first().click();
    await page.getByRole("treegrid").waitFor();
    await page.waitForLoadState("networkidle");
    await page.screenshot({ path: `${FOLDER}/session-${colorScheme}.png` });
    await context.close();
  }
  await browser.close();
}

const server = await startServer({
  env: { OUTLAY_ADMIN_EMAIL: ADMIN.email, OUTLAY_ADMIN_PASSWORD: ADMIN.password },
});
try {
  fs.mkdirSync(FOLDER, { recursive: true });
  await postDemo(server);
  await makeBudgets(server);
  await takePictures(server);
} finally {
  await server.stop();
  fs.rmSync(server.dataDir, { recursive: true, force: true });
}
