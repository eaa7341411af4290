import fs from "node:fs";
import { AxeBuilder } from "@axe-core/playwright";
import { test as base, expect, type Page } from "@playwright/test";
import { type ServerProcess, startServer } from "../bench/server-process";

/** Who `adminPage` is signed in as. */
export const ADMIN = { email: "grace@example.com", password: "a long enough password" };

/** What journeys share: a server on empty stores, which belongs to the worker. */
interface Shared {
  server: ServerProcess;
}

/** What a journey has to itself. */
interface Own {
  /** Settings of `ownServer` beside an admin. */
  serverEnv: Record<string, string>;
  /** A server on empty stores, with an admin: its figures are those of what the journey sends. */
  ownServer: ServerProcess;
  /** A page of `ownServer` in a wide window, where the admin is signed in. */
  adminPage: Page;
}

/** On a busy machine a server takes longer to start than a screen to answer. */
const START_MS = 120_000;

/** Nothing outlives a server's worker or journey. */
export const test = base.extend<Own, Shared>({
  server: [
    // biome wants a pattern here and Playwright reads it: this fixture needs no other.
    async ({ browserName: _ }, use) => {
      const server = await startServer();
      await use(server);
      await stopAndRemove(server);
    },
    { scope: "worker" },
  ],
  serverEnv: [{}, { option: true }],
  ownServer: [
    async ({ serverEnv }, use) => {
      const server = await startWithAdmin(serverEnv);
      await use(server);
      await stopAndRemove(server);
    },
    { timeout: START_MS },
  ],
  adminPage: [
    async ({ browser, ownServer }, use) => {
      const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
      const page = await context.newPage();
      await signIn(page, ownServer.url);
      await use(page);
      await context.close();
    },
    { timeout: START_MS },
  ],
});

/** A server on empty stores, with an admin. Whoever starts it stops it with `stopAndRemove`. */
export function startWithAdmin(env: Record<string, string> = {}): Promise<ServerProcess> {
  return startServer({
    env: { ...env, OUTLAY_ADMIN_EMAIL: ADMIN.email, OUTLAY_ADMIN_PASSWORD: ADMIN.password },
  });
}

export async function stopAndRemove(server: ServerProcess): Promise<void> {
  await server.stop();
  fs.rmSync(server.dataDir, { recursive: true, force: true });
}

/** Signs in as a person does; ends on the Overview. */
export async function signIn(
  page: Page,
  url: string,
  { email, password }: typeof ADMIN = ADMIN,
): Promise<void> {
  await page.goto(`${url}/sign-in`);
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL("**/overview**", { timeout: 60_000 });
}

export { expect };

/** Posts events as an agent would. @throws Error for any answer but 202 */
export async function sendEvents(
  server: ServerProcess,
  key: string,
  events: readonly object[],
): Promise<void> {
  const response = await fetch(`${server.url}/v1/events`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify({ events }),
  });
  if (response.status !== 202) {
    throw new Error(`${response.status}: ${await response.text()}`);
  }
}

/** Fails with the rules broken on the page as it stands. */
export async function expectNoAxeViolation(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"])
    .analyze();
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map((n) => n.target.join(" "))}`);
  expect(found).toEqual([]);
}

/** Fails where the page is wider than its window. */
export async function expectNoOverflow(page: Page, what = "The page"): Promise<void> {
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(overflow, `${what} is wider than the window`).toBeLessThanOrEqual(0);
}
