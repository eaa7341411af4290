import { expect, expectNoAxeViolation, expectNoOverflow, test } from "./server-fixture";

/** The same event each time: a retry is answered, and counts once. */
const SENT_AT = new Date(Date.now() - 60_000).toISOString();
const SECTIONS = ["projects", "keys", "members", "organisation", "health", "erasure"] as const;

async function send(url: string, key: string): Promise<number> {
  const event = {
    id: "one",
    timestamp: SENT_AT,
    provider: "openai",
    model: "gpt-4o-mini",
    user: "ada lovelace",
    usage: { input_tokens: 1_000_000, output_tokens: 0 },
  };
  const response = await fetch(`${url}/v1/events`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify(event),
  });
  return response.status;
}

test("an admin makes a project and a key, sees it used, rotates and revokes it; a viewer they add changes nothing", async ({
  browser,
  ownServer: server,
  adminPage: page,
}) => {
  // A server of its own, six screens in two themes: on a busy machine that is more than a screen takes.
  test.setTimeout(420_000);
  page.setDefaultTimeout(30_000);
  // The keys listen when the page is drawn.
  await expect(page.getByRole("link", { name: "Settings" })).toBeVisible();
  await page.locator("body").press("g");
  await page.locator("body").press(",");
  await page.waitForURL("**/settings/projects**");
  await page.getByRole("button", { name: "Make a project" }).click();
  await page.getByLabel("Name", { exact: true }).fill("Check-out EU");
  await expect(page.getByLabel("Name in addresses")).toHaveValue("check-out-eu");
  await page.getByRole("button", { name: "Make the project" }).click();
  await expect(page.getByText("check-out-eu", { exact: true })).toBeVisible();

  // Keeping calls for less time takes a second yes.
  await page.getByRole("button", { name: "Change Check-out EU" }).click();
  await page.getByLabel("Keep calls for so many days").fill("30");
  await expect(page.getByRole("button", { name: "Save" })).toBeDisabled();
  await expect(page.getByText("are deleted for good")).toBeVisible();
  await page.getByRole("checkbox", { name: "Delete calls before" }).click();
  await expectNoAxeViolation(page);
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Calls kept for 30 days")).toBeVisible();

  await page.getByRole("link", { name: "Keys" }).click();
  await page.getByRole("button", { name: "Make a key" }).click();
  // The dialog stands in the address: Back closes it, a link opens it, and closing leaves none behind.
  await page.waitForURL("**dialog=new**");
  await page.goBack();
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await page.goto(`${server.url}/settings/members?dialog=new`);
  await expect(page.getByRole("dialog", { name: "Add a member" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect.poll(() => new URL(page.url()).search).toBe("");
  await page.keyboard.press("Control+k");
  await page.getByPlaceholder("Type what to do or where to go").fill("make a key");
  await page.keyboard.press("Enter");
  await page.getByLabel("Name", { exact: true }).fill("agents");
  await page.getByLabel("Project", { exact: true }).selectOption("check-out-eu");
  await page.getByRole("button", { name: "Make the key" }).click();
  const first = (await page.getByTestId("new-key").textContent()) ?? "";
  await expect(page.getByRole("region", { name: "Command" })).toContainText(first);
  await expectNoAxeViolation(page);
  await page.getByRole("button", { name: "I have copied it" }).click();
  const row = page.getByRole("listitem").filter({ hasText: first.slice(0, 12) });
  await expect(row).toContainText("never used");
  expect(await send(server.url, first)).toBe(202);
  await expect(async () => {
    await page.reload();
    await expect(row).toContainText("last used");
  }).toPass({ timeout: 60_000 });

  await row.getByRole("button", { name: "Rotate agents" }).click();
  await page.getByRole("button", { name: "Make the new key" }).click();
  const second = (await page.getByTestId("new-key").textContent()) ?? "";
  await page.getByRole("button", { name: "I have copied it" }).click();
  expect([await send(server.url, first), await send(server.url, second)]).toEqual([202, 202]);
  await row.getByRole("button", { name: "Revoke agents" }).click();
  await expect(page.getByText("Events sent with it are refused and not counted.")).toBeVisible();
  await page.getByRole("button", { name: "Revoke the key" }).click();
  await page.getByRole("button", { name: "Show 1 revoked key" }).click();
  await expect(row.getByText("Revoked", { exact: true })).toBeVisible();
  expect([await send(server.url, first), await send(server.url, second)]).toEqual([401, 202]);

  // The one call of a million tokens at $0.15, seen where it was sent to.
  await page.getByRole("link", { name: "Projects" }).click();
  await expect(page.getByText("1 call so far, $0.15")).toBeVisible();

  await page.getByRole("link", { name: "Erasure" }).click();
  await page.getByLabel("Project", { exact: true }).selectOption("check-out-eu");
  await page.getByLabel("Its name in the events").fill("ada lovelace");
  await page.getByRole("button", { name: "Look what it reaches" }).click();
  await expect(page.getByText("1 call of the project check-out-eu")).toBeVisible();
  await page.getByLabel("Type the user again").fill("ada lovelace");
  await page.getByLabel("Reason").fill("Ticket 7");
  await page.getByRole("button", { name: "Erase this user" }).click();
  await expect(page.getByText("Erased from 1 call")).toBeVisible({ timeout: 30_000 });

  await page.getByRole("link", { name: "Members" }).click();
  await page.getByRole("button", { name: "Add a member" }).click();
  await page.getByLabel("Name", { exact: true }).fill("Vera");
  await page.getByLabel("E-mail").fill("vera@example.com");
  await page.getByRole("button", { name: "Add and show the link" }).click();
  const link = (await page.getByTestId("setup-link").textContent()) ?? "";
  await page.getByRole("button", { name: "I have copied it" }).click();
  await expect(page.getByText("No password yet")).toBeVisible();
  const vera = await (await browser.newContext()).newPage();
  await vera.goto(link);
  await expectNoAxeViolation(vera);
  await vera.getByLabel("Password").fill("another long password");
  await vera.getByRole("button", { name: "Choose it and sign in" }).click();
  await vera.waitForURL("**/overview**");
  await vera.goto(`${server.url}/settings/keys`);
  await expect(vera.getByText("Making a key takes the role admin")).toBeVisible();
  await vera.goto(link);
  await expect(vera.getByText("This link does not work")).toBeVisible();
  await vera.context().close();

  await page.getByRole("button", { name: "Deactivate: grace" }).click();
  await page.getByRole("button", { name: "Deactivate", exact: true }).click();
  await expect(page.getByText("This is the last admin of every project")).toBeVisible();
  await page.getByRole("button", { name: "Cancel" }).click();
  await expect(page.getByRole("button", { name: "Deactivate: grace" })).toBeFocused();

  for (const section of SECTIONS) {
    await page.goto(`${server.url}/settings/${section}`);
    await expect(page.getByRole("heading", { name: "Settings" })).toBeVisible();
    await page.waitForLoadState("networkidle");
    await expectNoAxeViolation(page);
  }
  await page.setViewportSize({ width: 390, height: 844 });
  await page.emulateMedia({ colorScheme: "dark" });
  for (const section of SECTIONS) {
    await page.goto(`${server.url}/settings/${section}`);
    await expect(page.getByRole("heading", { name: "Settings" })).toBeVisible();
    await page.waitForLoadState("networkidle");
    await expectNoAxeViolation(page);
    await expectNoOverflow(page);
  }
  await page.goto(`${server.url}/settings/health`);
  await expect(page.getByText("Everything runs")).toBeVisible();
  // Full minutes are counted: the one of the event has to end first.
  await expect(page.getByRole("region", { name: "Events a minute" })).toContainText("1 event in", {
    timeout: 120_000,
  });
});
