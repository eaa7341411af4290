import { expect, expectNoAxeViolation, expectNoOverflow, sendEvents, test } from "./server-fixture";

const HOUR_AGO = Date.now() - 3_600_000;
const at = (second: number) => new Date(HOUR_AGO + second * 1_000).toISOString();

/** One step of a run; a call's input is in millions of gpt-4o-mini's tokens, at $0.15 each. */
const step = (run: string, span: string, parent: string | null, second: number, rest: object) => ({
  id: `${run}-${span}`,
  timestamp: at(second),
  session: run,
  trace_id: `trace-${run}`,
  span_id: span,
  duration_ms: 900,
  ...(parent === null ? {} : { parent_span_id: parent }),
  ...rest,
});
const agent = (run: string, name: string, parent: string | null, second: number) =>
  step(run, name, parent, second, { type: "agent", agent: name, duration_ms: 9_000 });
const call = (run: string, who: string, span: string, second: number, millions: number) =>
  step(run, span, who, second, {
    agent: who,
    user: "ada",
    feature: "answers",
    provider: "openai",
    model: "gpt-4o-mini",
    usage: { input_tokens: millions * 1_000_000, output_tokens: 0 },
  });

const DEAR = [
  agent("run-dear", "lead", null, 0),
  call("run-dear", "lead", "plan", 1, 1),
  agent("run-dear", "researcher", "lead", 2),
  call("run-dear", "researcher", "read-1", 3, 10),
  step("run-dear", "search", "researcher", 4, {
    type: "tool",
    agent: "researcher",
    name: "<b>web</b>.search",
  }),
  call("run-dear", "researcher", "read-2", 5, 10),
];
const CHEAP = [
  agent("run-cheap", "lead", null, 20),
  call("run-cheap", "lead", "plan", 21, 1),
  agent("run-cheap", "researcher", "lead", 22),
  call("run-cheap", "researcher", "read-1", 23, 2),
];
/** An agent that does not stop: thousands of calls, the last one much dearer than the others. */
const STEPS = 5_000;
const LONG = [
  agent("run-long", "loop", null, 0),
  ...Array.from({ length: STEPS - 1 }, (_, turn) =>
    call("run-long", "loop", `turn-${turn}`, turn / 10, turn === STEPS - 2 ? 50 : 0.001),
  ),
];

test("an engineer finds the dear branch of the dearest session, its dollars and the price lines, and compares two", async ({
  ownServer,
  adminPage: page,
}) => {
  test.setTimeout(300_000);
  await sendEvents(ownServer, ownServer.key, [...DEAR, ...CHEAP]);
  await page.goto(`${ownServer.url}/sessions?range=7d`);
  const list = page.getByRole("region", { name: "List of sessions" });
  await expect(list.getByRole("row").nth(1)).toContainText("run-dear", { timeout: 60_000 });
  await list.getByRole("link", { name: "run-dear" }).click();

  // Nothing is opened, and the dear branch is told in words and seen in the tree.
  await expect(page.getByRole("heading", { level: 1, name: "run-dear" })).toBeVisible();
  await expect(page.getByText("Where the money went:").locator("..")).toHaveText(
    "Where the money went: 95.2 % in researcher → , of it 2 × gpt-4o-mini",
  );
  const tree = page.getByRole("treegrid", { name: "Steps by cost" });
  const rowOf = (name: string) => tree.getByRole("row").filter({ hasText: name });
  await expect(tree.getByRole("row")).toHaveCount(1 + DEAR.length);
  await expect(rowOf("researcher").getByTitle("$3.", { exact: true })).toHaveText("$3.00");
  await expect(rowOf("<b>web</b>.search")).toBeVisible();
  await expect(page.getByRole("link", { name: "ada" })).toBeVisible();

  // By keyboard into the branch, and to the sum of one of its calls.
  await tree.focus();
  await page.keyboard.press("Home");
  for (const key of ["ArrowDown", "ArrowDown", "ArrowLeft"]) await page.keyboard.press(key);
  await expect(rowOf("researcher")).toHaveAttribute("aria-expanded", "false");
  await expect(tree.getByRole("row")).toHaveCount(4);
  for (const key of ["ArrowRight", "ArrowRight", "Enter"]) await page.keyboard.press(key);
  const panel = page.getByRole("region", { name: /^Step: / });
  await expect(panel.getByRole("region", { name: "Price lines" })).toContainText("$1.5");
  await expect(page).toHaveURL(/step=/);
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    await expectNoAxeViolation(page);
  }
  for (const view of ["Timeline", "Agents", "Context"]) {
    await page.getByRole("tab", { name: view }).click();
    await expect(page).toHaveURL(new RegExp(`view=${view.toLowerCase()}`));
    await page.waitForLoadState("networkidle");
    await expectNoAxeViolation(page);
  }
  await page.setViewportSize({ width: 390, height: 844 });
  await expectNoOverflow(page, "A session");
  await page.setViewportSize({ width: 1440, height: 900 });

  await page.goto(`${ownServer.url}/sessions?range=7d`);
  for (const name of ["run-dear", "run-cheap"]) {
    await page.getByRole("checkbox", { name: `Compare ${name}` }).click({ timeout: 60_000 });
  }
  await page.getByRole("link", { name: "Compare", exact: true }).click();
  await expect(page.getByText(/^B cost/)).toHaveText(
    "B cost $2.70 (86 %) less than A. Most of it: researcher −$2.70, 1 call fewer; gpt-4o-mini −$2.70, 1 call fewer.",
  );
  await page.emulateMedia({ colorScheme: "light" });
  await expectNoAxeViolation(page);
});

test("five thousand steps: only rows in sight are drawn, the last one is a key away, and the dear one is found", async ({
  ownServer,
  adminPage: page,
}) => {
  test.setTimeout(300_000);
  await sendEvents(ownServer, ownServer.key, LONG);
  await page.goto(`${ownServer.url}/sessions/run-long?project=default`);
  const tree = page.getByRole("treegrid", { name: "Steps by cost" });
  await expect(tree).toHaveAttribute("aria-rowcount", String(STEPS + 1), { timeout: 60_000 });
  await tree.focus();
  await page.keyboard.press("Home");
  await page.keyboard.press("End");
  const last = tree.getByRole("row").filter({ hasText: "$7.50" }).last();
  await expect(last).toHaveAttribute("aria-posinset", String(STEPS - 1));
  expect(await tree.getByRole("row").count()).toBeLessThan(80);
  await page.getByRole("button", { name: "From 1 %" }).click();
  await expect(page.getByText(`2 of 5,000 steps`)).toBeVisible();
  await expect(tree.getByRole("row")).toHaveCount(3);
});
