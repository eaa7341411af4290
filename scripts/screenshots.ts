/**
 * Takes the README's pictures from the demo company: `npm run screenshots`. A server of its own, filled through
 * the public API, seen in Chromium in both themes.
 */
import fs from "node:fs";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { chromium, type Page } from "@playwright/test";
import { postDemo } from "../bench/post-demo";
import { type ServerProcess, startServer } from "../bench/server-process";
import { DEMO_BUDGETS } from "../lib/demo/demo-budgets";
import { DEMO_PROJECT } from "../lib/demo/demo-month";
import { CHROMIUM_OPTIONS } from "../playwright.config";

const FOLDER = "docs/images";
const ADMIN = { email: "ada@example.com", password: "a long enough password" };

/** Makes a channel for each audience, as a notice that nobody gets is no picture of one. @returns ends what they reach */
async function makeChannels(server: ServerProcess): Promise<() => void> {
  const receiver = http.createServer((_request, response) => response.end("ok")).listen(0);
  const { port } = receiver.address() as AddressInfo;
  const headers = { authorization: `Bearer ${server.key}`, "content-type": "application/json" };
  for (const [name, audience] of [
    ["Research lead", "lead"],
    ["Finance", "finance"],
    ["On call", "engineering"],
  ]) {
    const config = { url: `http://127.0.0.1:${port}/` };
    const channel = { name, audience, type: "webhook", config };
    const init = { method: "POST", headers, body: JSON.stringify(channel) };
    const address = `${server.url}/api/channels?project=${DEMO_PROJECT.slug}`;
    const response = await fetch(address, init);
    if (!response.ok) throw new Error(`${address}: ${response.status} ${await response.text()}`);
  }
  return () => receiver.close();
}

const STAGES = [
  { percent: 70, notify: [] },
  { percent: 100, notify: [] },
  { percent: 120, notify: [], action: "lockout" },
];
/** Two that are passed already, for the picture of what is told then. */
const PASSED_BUDGETS = [
  {
    ...{ name: "Each user, a month", owner: "Platform", scope: "user", value: "*" },
    ...{ window: "month", limit_usd: "6", mode: "observe", thresholds: STAGES.slice(0, 2) },
  },
  {
    ...{ name: "Support, a month", owner: "Support", scope: "feature", value: "support" },
    ...{ window: "month", limit_usd: "20", mode: "enforce", thresholds: STAGES },
  },
];

/** Makes budgets in the demo company; returns when what was spent is counted into them. */
async function makeBudgets(server: ServerProcess, list: readonly object[]): Promise<void> {
  const headers = { authorization: `Bearer ${server.key}`, "content-type": "application/json" };
  const address = `${server.url}/api/budgets?project=${DEMO_PROJECT.slug}`;
  for (const budget of list) {
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

type Take = (name: string, address: string, region: string) => Promise<void>;

/** Opens the pages signed in, in one theme and then in the other. */
async function inBothThemes(
  server: ServerProcess,
  see: (take: Take, page: Page, colorScheme: "light" | "dark") => Promise<void>,
): Promise<void> {
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
    const take: Take = async (name, address, region) => {
      await page.goto(`${server.url}${address}`);
      // What lies below the first sight is drawn for somebody who is there. No script notes an earlier sign.
      await page.waitForLoadState("networkidle");
      await page.mouse.move(1, 1);
      await page.getByRole("region", { name: region }).first().waitFor({ timeout: 60_000 });
      await page.waitForLoadState("networkidle");
      await page.screenshot({ path: `${FOLDER}/${name}-${colorScheme}.png` });
    };
    await see(take, page, colorScheme);
    await context.close();
  }
  await browser.close();
}

async function takePictures(server: ServerProcess): Promise<void> {
  await inBothThemes(server, async (take, page, colorScheme) => {
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
  });
}

/** Passes two budgets, and takes the picture once everybody has been told. */
async function takeAlerts(server: ServerProcess): Promise<void> {
  const closeReceiver = await makeChannels(server);
  for (const budget of PASSED_BUDGETS) await makeBudgets(server, [budget]);
  const address = `${server.url}/api/alerts?project=${DEMO_PROJECT.slug}&kind=threshold`;
  for (let isTelling = true; isTelling; ) {
    await sleep(500);
    const response = await fetch(address, { headers: { authorization: `Bearer ${server.key}` } });
    const { alerts }: { alerts: { told_at: string | null; deliveries: { attempts: number }[] }[] } =
      await response.json();
    isTelling =
      alerts.length < 5 ||
      alerts.some(({ told_at }) => told_at === null) ||
      !alerts.slice(0, 3).every(({ deliveries }) => deliveries.every((one) => one.attempts > 0));
  }
  await inBothThemes(server, (take) => take("alerts", "/alerts?project=demo", "Alerts"));
  closeReceiver();
}

const server = await startServer({
  env: {
    OUTLAY_ADMIN_EMAIL: ADMIN.email,
    OUTLAY_ADMIN_PASSWORD: ADMIN.password,
    OUTLAY_ALLOW_PRIVATE_WEBHOOKS: "true",
  },
});
try {
  fs.mkdirSync(FOLDER, { recursive: true });
  await postDemo(server);
  await makeBudgets(server, DEMO_BUDGETS);
  await takePictures(server);
  await takeAlerts(server);
} finally {
  await server.stop();
  fs.rmSync(server.dataDir, { recursive: true, force: true });
}
