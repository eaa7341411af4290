import fs from "node:fs";
import { AxeBuilder } from "@axe-core/playwright";
import { test as base, expect, type Page } from "@playwright/test";
import { type ServerProcess, startServer } from "../bench/server-process";

/** What a journey is given: the built server on empty stores of its own, and helpers of a person at a browser. */
interface Journey {
  server: ServerProcess;
}

/** A server a worker; nothing outlives it. */
export const test = base.extend<object, Journey>({
  server: [
    // biome wants a pattern here and Playwright reads it: this fixture needs no other.
    async ({ browserName: _ }, use) => {
      const server = await startServer();
      await use(server);
      await server.stop();
      fs.rmSync(server.dataDir, { recursive: true, force: true });
    },
    { scope: "worker" },
  ],
});

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
