import type { ServerProcess } from "../bench/server-process";
import { batchesOfMonth, DEMO_PROJECT } from "../lib/demo/demo-month";
import { expect, expectNoAxeViolation, test } from "./server-fixture";

async function ask(
  server: ServerProcess,
  path: string,
  init: RequestInit = {},
): Promise<Record<string, unknown>> {
  const headers = { authorization: `Bearer ${server.key}`, "content-type": "application/json" };
  const response = await fetch(`${server.url}${path}`, { ...init, headers });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as Record<string, unknown>;
}

function countCalls(nowMs: number): number {
  const events = [...batchesOfMonth(nowMs)].flatMap((batch) => batch.events);
  return events.filter(({ type }) => (type ?? "llm") === "llm").length;
}

test("demo data is one click away, whole, removable, and never goes into a real project", async ({
  ownServer: server,
  adminPage: page,
}) => {
  test.setTimeout(360_000);
  await expect(page.getByRole("heading", { name: "Send the first event" })).toBeVisible();
  const beginMs = Date.now();
  await page.getByRole("button", { name: "Load demo data" }).click();
  await expect(page.getByRole("progressbar", { name: "Loading demo data" })).toBeVisible();
  await expectNoAxeViolation(page);
  await page.waitForURL("**/overview?project=demo", { timeout: 180_000 });
  await expect(page.getByRole("region", { name: "Costliest sessions" })).toContainText("runaway");

  // Every call of the month up to the click is there once; a few may have come to be after it.
  const endMs = Date.now();
  const range = `from=2026-01-01T00:00:00Z&to=${new Date(endMs + 1_000).toISOString()}`;
  const answer = async () =>
    (await ask(server, `/api/spend?project=demo&${range}&tz=UTC&figures=calls`)) as {
      backlog_events: number;
      total: { calls: number };
    };
  await expect.poll(async () => (await answer()).backlog_events, { timeout: 60_000 }).toBe(0);
  const { calls } = (await answer()).total;
  expect(calls).toBeGreaterThanOrEqual(countCalls(beginMs));
  expect(calls).toBeLessThanOrEqual(countCalls(endMs));
  // The key it was sent with is revoked.
  const { keys } = (await ask(server, "/api/keys?project=demo")) as {
    keys: { revoked_at: unknown }[];
  };
  expect(keys.map(({ revoked_at }) => typeof revoked_at)).toEqual(["string"]);

  await page.goto(`${server.url}/settings/projects`);
  await page.getByRole("button", { name: "Remove the demo" }).click();
  await page
    .getByRole("dialog")
    .getByRole("button", { name: /Remove/ })
    .click();
  await expect(page.getByRole("button", { name: "Remove the demo" })).toBeHidden();

  const real = JSON.stringify({ slug: DEMO_PROJECT.slug, name: "Demonstrations" });
  await ask(server, "/api/projects", { method: "POST", body: real });
  await page.reload();
  await page.getByRole("button", { name: "Load demo data" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "Demonstrations" })).toContainText(
    "is a real project with the demo's name",
  );
});
