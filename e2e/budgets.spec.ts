import type { Browser, Page } from "@playwright/test";
import type { ServerProcess } from "../bench/server-process";
import { expect, expectNoAxeViolation, expectNoOverflow, sendEvents, test } from "./server-fixture";

const PASSWORD = "another long password";

/** $1.20 of input and $0.0009 of output, a moment ago. */
const EVENTS = [1, 2, 5].map((millions) => ({
  id: `event-${millions}`,
  timestamp: new Date(Date.now() - 1_000).toISOString(),
  provider: "openai",
  model: "gpt-4o-mini",
  agent: "researcher",
  usage: { input_tokens: 1_000_000 * millions, output_tokens: 500 },
}));

test("an admin caps an agent from its row; an engineer stops it, and only the admin lets it run again", async ({
  browser,
  ownServer: server,
  adminPage: page,
}) => {
  test.setTimeout(360_000);
  await sendEvents(server, server.key, EVENTS);

  await page.goto(`${server.url}/explore?group=agent`);
  // By keyboard: whoever sees the row can cap it.
  await page.getByRole("button", { name: "Cap researcher" }).press("Enter");
  const dialog = page.getByRole("dialog", { name: "New budget" });
  await expect(dialog.getByLabel("Agent")).toHaveValue("researcher");
  await expect(dialog.getByLabel("Limit, US dollars")).toHaveValue("1.5");
  await dialog.getByLabel("Limit, US dollars").fill("2");
  await expect(dialog.getByText("Blocks calls of agent researcher once $2 of")).toBeVisible();
  await expectNoAxeViolation(page);
  await dialog.getByRole("button", { name: "Make the budget" }).click();
  await page.waitForURL("**/budgets/*");
  // It counts from the period's start, what was spent before it was made too.
  await expect(page.getByText("60 % · $1.20 of $2").first()).toBeVisible({ timeout: 60_000 });
  await expect(page.getByTitle("$1.2009 spent, $0 held, limit $2").first()).toBeVisible();
  await expect(page.getByText("$1.20 of $2 so far")).toBeVisible({ timeout: 30_000 });
  await page.getByText("As a table").click();
  const steps = page.getByRole("region", { name: "Burn-down step by step" });
  await expect(steps.getByTitle("$1.2009").first()).toBeVisible();
  await expectNoAxeViolation(page);
  await page.goBack();
  await page.waitForURL("**/explore?group=agent");

  const ada = await openEngineer(browser, server);
  await ada.goto(`${server.url}/controls`);
  await expect(ada.getByText("Stopping it takes the role admin")).toBeVisible();
  await ada.getByRole("button", { name: "Stop Agent researcher" }).click();
  await expect(ada.getByText("In the last 15 minutes: 3 calls of 1 agent")).toBeVisible();
  await ada.getByLabel("Why").fill("It runs in a loop");
  await expectNoAxeViolation(ada);
  await ada.getByRole("button", { name: "Stop it" }).click();
  await expect(ada.getByText("Releasing it takes the role admin")).toBeVisible();
  await expect(ada.getByRole("region", { name: "What is stopped" })).toContainText("researcher");
  expect(await reserve(server)).toMatchObject({
    decision: "block",
    reasons: [{ code: "kill_switch" }],
  });
  await ada.context().close();

  await page.goto(`${server.url}/overview`);
  await expect(page.getByRole("region", { name: "What is stopped" })).toContainText(
    "It runs in a loop",
  );
  await page.mouse.move(1, 1);
  await expect(page.getByRole("region", { name: "Budgets" })).toContainText("60 % · $1.20 of $2");
  await expectNoAxeViolation(page);
  await page.locator("body").press("g");
  await page.locator("body").press("k");
  await page.waitForURL("**/controls");
  await page.getByRole("button", { name: "Release Agent researcher" }).click();
  await page.getByLabel("Why it may run again").fill("The loop is mended");
  await page.getByRole("button", { name: "Release", exact: true }).click();
  await expect(page.getByRole("button", { name: "Stop Agent researcher" })).toBeVisible();
  await expect(page.getByRole("region", { name: "What is stopped" })).toBeHidden();
  expect(await reserve(server)).toMatchObject({ decision: "allow" });

  await page.goto(`${server.url}/budgets`);
  await expect(page.getByRole("list", { name: "List of budgets" })).toContainText("held");
  await page.setViewportSize({ width: 390, height: 844 });
  await page.emulateMedia({ colorScheme: "dark" });
  await page.getByRole("link", { name: "Agent researcher per month" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Agent researcher");
  await page.waitForLoadState("networkidle");
  await expectNoAxeViolation(page);
  await expectNoOverflow(page);
});

/** A page where an engineer of every project is signed in. */
async function openEngineer(browser: Browser, server: ServerProcess): Promise<Page> {
  const made = await post(server, "/api/users", {
    email: "ada@example.com",
    name: "Ada",
    memberships: [{ project: null, role: "engineer" }],
  });
  const page = await (await browser.newContext()).newPage();
  await page.goto(String(made.setup_url));
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Choose it and sign in" }).click();
  await page.waitForURL("**/overview**");
  return page;
}

/** Asks as the agent would before a call. */
function reserve(server: ServerProcess): Promise<Record<string, unknown>> {
  return post(server, "/v1/reservations", {
    agent: "researcher",
    provider: "openai",
    model: "gpt-4o-mini",
    type: "llm",
    estimated_usage: { input_tokens: 1_000, max_output_tokens: 100 },
  });
}

async function post(
  server: ServerProcess,
  path: string,
  body: object,
): Promise<Record<string, unknown>> {
  const response = await fetch(`${server.url}${path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${server.key}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return response.json();
}
