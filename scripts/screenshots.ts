/**
 * Takes the README's pictures from the demo company: `npm run screenshots`. A server of its own, filled through
 * the public API, seen in Chromium in both themes.
 */
import fs from "node:fs";
import { chromium } from "@playwright/test";
import { type ServerProcess, startServer } from "../bench/server-process";
import { eventsOfDay } from "./demo-fleet";

const DAYS = 30;
const FOLDER = "docs/images";
const ADMIN = { email: "ada@example.com", password: "a long enough password" };

async function postDemo(server: ServerProcess): Promise<void> {
  const headers = { authorization: `Bearer ${server.key}`, "content-type": "application/json" };
  const post = async (path: string, body: object): Promise<void> => {
    const init = { method: "POST", headers, body: JSON.stringify(body) };
    const response = await fetch(`${server.url}${path}`, init);
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  };
  await post("/api/projects", { slug: "demo", name: "Demo", is_demo: true });
  const nowMs = Date.now();
  for (let daysAgo = DAYS; daysAgo >= 0; daysAgo -= 1) {
    const day = new Date(nowMs - daysAgo * 86_400_000).toISOString().slice(0, 10);
    const events = eventsOfDay(day).filter((e) => Date.parse(String(e.timestamp)) <= nowMs);
    if (events.length > 0) await post("/v1/events?project=demo", { events });
  }
}

async function takePictures(server: ServerProcess): Promise<void> {
  const browser = await chromium.launch({
    ...(process.env.CHROMIUM_PATH ? { executablePath: process.env.CHROMIUM_PATH } : {}),
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
  });
  for (const colorScheme of ["light", "dark"] as const) {
    const viewport = { width: 1440, height: 960 };
    const context = await browser.newContext({ colorScheme, viewport, timezoneId: "UTC" });
    const page = await context.newPage();
    await page.goto(`${server.url}/sign-in`);
    await page.getByLabel("E-mail").fill(ADMIN.email);
    await page.getByLabel("Password").fill(ADMIN.password);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.waitForURL("**/overview**");
    await page.goto(`${server.url}/explore?project=demo`);
    await page.getByRole("region", { name: "Spend by Feature" }).waitFor();
    await page.waitForLoadState("networkidle");
    await page.screenshot({ path: `${FOLDER}/explore-${colorScheme}.png` });
    await page.goto(`${server.url}/calls?project=demo`);
    await page.getByRole("region", { name: "List of calls" }).getByRole("link").first().click();
    await page.getByRole("region", { name: "Price lines" }).waitFor();
    await page.waitForLoadState("networkidle");
    await page.screenshot({ path: `${FOLDER}/call-${colorScheme}.png` });
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
  await takePictures(server);
} finally {
  await server.stop();
  fs.rmSync(server.dataDir, { recursive: true, force: true });
}
