import http from "node:http";
import { expect, expectNoAxeViolation, sendEvents, test } from "./server-fixture";

/** $0.15 of input and $0.0003 of output for each, a moment ago. */
function eventOf(id: string, millions: number) {
  return {
    id,
    timestamp: new Date(Date.now() - 1_000).toISOString(),
    provider: "openai",
    model: "gpt-4o-mini",
    agent: "researcher",
    usage: { input_tokens: 1_000_000 * millions, output_tokens: 0 },
  };
}

/** A far end that takes what is posted to it. */
async function startReceiver() {
  const titles: string[] = [];
  const receiver = http.createServer((request, response) => {
    let body = "";
    request.on("data", (part) => {
      body += part;
    });
    request.on("end", () => {
      titles.push(String(JSON.parse(body).title));
      response.end("ok");
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
  const address = receiver.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return { titles, url: `http://127.0.0.1:${address.port}/in`, stop: () => receiver.close() };
}

test.use({ serverEnv: { OUTLAY_ALLOW_PRIVATE_WEBHOOKS: "true" } });

test("a budget escalates: the notice arrives, somebody acknowledges it, a lockout closes it and an admin opens it", async ({
  ownServer: server,
  adminPage: page,
}) => {
  test.setTimeout(360_000);
  const receiver = await startReceiver();
  try {
    await page.goto(`${server.url}/settings/channels?dialog=new`);
    const made = page.getByRole("dialog", { name: "New channel" });
    await made.getByLabel("Name").fill("Incident bot");
    await made.getByLabel("Address").fill(receiver.url);
    await made.getByLabel("It speaks to").selectOption("lead");
    await expectNoAxeViolation(page);
    await made.getByRole("button", { name: "Make the channel" }).click();
    await expect(page.getByTestId("channel-secret")).toContainText("whsec_");
    await page.getByRole("button", { name: "I have copied it" }).click();
    await page.getByRole("button", { name: "Send a test to Incident bot" }).click();
    await expect(page.getByText("answered HTTP 200")).toBeVisible();
    expect(receiver.titles).toEqual(["This is a test of the channel Incident bot"]);

    await sendEvents(server, server.key, [eventOf("one", 1)]);
    await page.goto(`${server.url}/budgets?dialog=new-budget`);
    const dialog = page.getByRole("dialog", { name: "New budget" });
    await dialog.getByLabel("Agent").fill("researcher");
    await dialog.getByLabel("Limit, US dollars").fill("2");
    await dialog.getByText("Stages: ").click();
    await dialog.getByRole("button", { name: /^Usual: 70 %/ }).click();
    await expect(dialog.getByText("Calls go on past the limit, up to 120 %")).toBeVisible();
    await expectNoAxeViolation(page);
    await dialog.getByRole("button", { name: "Make the budget" }).click();
    await page.waitForURL("**/budgets/*");
    await expect(page.getByText("7 % · $0.15 of $2").first()).toBeVisible({ timeout: 60_000 });

    // $2.55: past all three stages at once, each told by itself.
    await sendEvents(server, server.key, [eventOf("two", 16)]);
    await expect(page.getByText("A stage locked it")).toBeVisible({ timeout: 60_000 });
    await expect
      .poll(() => receiver.titles.slice(1).sort(), { timeout: 60_000 })
      .toEqual([
        "Agent researcher per month, researcher, passed 120 %: $2.55 of $2.00",
        "Agent researcher per month, researcher, passed 70 %: $2.55 of $2.00",
      ]);

    await page.locator("body").press("g");
    await page.locator("body").press("a");
    await page.waitForURL("**/alerts**");
    await expect(
      page.getByText("Nobody was told: no channel of finance or engineering."),
    ).toBeVisible();
    await expect(page.getByText(/Incident bot.*sent \d\d:\d\d/).first()).toBeVisible();
    await expectNoAxeViolation(page);
    await page.getByRole("button", { name: /^Acknowledge: .*passed 120 %/ }).click();
    await page.getByLabel("Note").fill("It runs in a loop");
    await page.getByRole("button", { name: "Acknowledge", exact: true }).click();
    await expect(page.getByText("is at it since")).toContainText("It runs in a loop");

    await page.getByRole("link", { name: "The budget" }).first().click();
    await page.waitForURL("**/budgets/*");
    await page.getByRole("button", { name: /^Unlock / }).click();
    await page.getByLabel("Why it may spend on").fill("The loop is mended");
    await expectNoAxeViolation(page);
    await page.getByRole("button", { name: "Unlock it" }).click();
    await expect(page.getByText("A stage locked it")).toBeHidden();
  } finally {
    receiver.stop();
  }
});
