import { expect, expectNoAxeViolation, expectNoOverflow, sendEvents, test } from "./server-fixture";

/** Yesterday, a minute apart, as one producer numbers its events: 3 and 4 were lost. */
const EVENTS = [1, 2, 5].map((sequence) => ({
  id: `event-${sequence}`,
  timestamp: new Date(Date.now() - 86_400_000 + sequence * 60_000).toISOString(),
  provider: "openai",
  model: "gpt-4o-mini",
  usage: { input_tokens: 1_000_000 * sequence, output_tokens: 500 },
  source: "worker-1",
  sequence,
}));

test("an admin sees that the numbers agree, why an event was rejected, and what never came", async ({
  ownServer: server,
  adminPage: page,
}) => {
  // A server of its own, and a comparison in the background: on a busy machine that is more than a screen takes.
  test.setTimeout(240_000);

  // Nothing was received: the screen says so, and nothing is called equal.
  await page.goto(`${server.url}/integrity`);
  await expect(page.getByText("Nothing was compared yet")).toBeVisible();
  await expect(page.getByText("Nothing was received yet")).toBeVisible();
  await expectNoAxeViolation(page);

  const wrong = { ...EVENTS[0], id: "wrong-1", sequence: null, usage: { input_tokens: -7 } };
  await sendEvents(server, server.key, [...EVENTS, wrong]);
  await sendEvents(server, server.key, EVENTS);
  await page.goto(`${server.url}/explore`);
  await expect(page.getByRole("link", { name: "Integrity" })).toBeVisible();
  await page.locator("body").press("g");
  await page.locator("body").press("i");
  await page.waitForURL("**/integrity**");

  await page.getByRole("button", { name: "Check now" }).click();
  await expect(
    page.getByText("1 day compared: calls, rollups and counters agree to the last digit"),
  ).toBeVisible({ timeout: 45_000 });
  const days = page.getByRole("region", { name: "Compared days" });
  await expect(days.getByText("Equal")).toBeVisible();
  await expect(days).toContainText("$1.20");

  const gaps = page.getByRole("region", { name: "Gaps by source" });
  await expect(gaps.getByRole("row").last()).toContainText("worker-1");
  await expect(gaps.getByRole("row").last()).toContainText("3–4");

  const faults = page.getByRole("region", { name: "Events that did not count" });
  await faults.getByRole("button", { name: "Rejected" }).click();
  const sample = faults.getByRole("region", { name: "Event wrong-1", exact: true });
  await expect(sample).toContainText("usage.input_tokens");
  await expectNoAxeViolation(page);
  await sample.getByRole("button", { name: "Retry" }).click();
  await expect(sample.getByText("Refused again")).toBeVisible();

  await page.setViewportSize({ width: 390, height: 844 });
  await page.emulateMedia({ colorScheme: "dark" });
  await page.reload();
  await expect(page.getByText("agree to the last digit")).toBeVisible();
  await expectNoAxeViolation(page);
  await expectNoOverflow(page);
});
