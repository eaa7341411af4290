import type { BrowserContext } from "@playwright/test";
import type { ServerProcess } from "../bench/server-process";
import { ADMIN, expect, signIn, startWithAdmin, stopAndRemove, test } from "./server-fixture";

const VIEWER = { email: "vera@example.com", password: "another long password" };
const SECRET = "secret-feature";

/** A call of this minute: $0.15 a million input tokens. */
const call = (id: string, feature: string, millions: number) => ({
  id,
  timestamp: new Date().toISOString(),
  feature,
  provider: "openai",
  model: "gpt-4o-mini",
  usage: { input_tokens: millions * 1_000_000, output_tokens: 0 },
});

test.describe
  .serial("the HTML of a first load", () => {
    let server: ServerProcess;
    let admin: BrowserContext;
    let viewer: BrowserContext;

    test.beforeAll(async ({ browser }) => {
      test.setTimeout(240_000);
      server = await startWithAdmin();
      await post("/api/projects", { name: "Open", slug: "open" });
      await post("/api/projects", { name: "Closed", slug: "closed" });
      await post("/v1/events?project=open", { events: [call("open-1", "support", 10)] });
      await post("/v1/events?project=closed", { events: [call("closed-1", SECRET, 4)] });
      const { setup_url } = await post("/api/users", {
        email: VIEWER.email,
        name: "Vera",
        memberships: [{ project: "open", role: "viewer" }],
      });
      const token = new URL(String(setup_url)).searchParams.get("token");
      await post("/api/join", { token, password: VIEWER.password });
      admin = await signedIn(ADMIN);
      viewer = await signedIn(VIEWER);

      async function signedIn(person: typeof ADMIN): Promise<BrowserContext> {
        const context = await browser.newContext();
        const page = await context.newPage();
        await signIn(page, server.url, person);
        await page.close();
        return context;
      }
    });
    test.afterAll(async () => {
      await admin?.close();
      await viewer?.close();
      if (server) await stopAndRemove(server);
    });

    /** Asks the people's API with the installation's key. */
    async function post(path: string, body: object): Promise<Record<string, unknown>> {
      const response = await fetch(`${server.url}${path}`, {
        method: "POST",
        headers: { authorization: `Bearer ${server.key}`, "content-type": "application/json" },
        body: JSON.stringify(body),
      });
      if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
      return (await response.json()) as Record<string, unknown>;
    }

    /** A page as a browser asks for it, before any of its scripts ran. */
    async function htmlOf(person: BrowserContext, path: string): Promise<string> {
      const headers = { accept: "text/html" };
      const response = await person.request.get(`${server.url}${path}`, { headers });
      expect(response.headers()["cache-control"]).toContain("private");
      expect(response.headers()["cache-control"]).toContain("no-store");
      return response.text();
    }

    /** What can be read without scripts. */
    const readable = (html: string) => html.replace(/<script[\s\S]*?<\/script>/g, "");

    test("holds the month's dollars and the chart's sentence to the cent, for its reader alone", async () => {
      // A page waits for its figures only so long, and a busy machine may need a second try.
      const text = async (path: string) => readable(await htmlOf(admin, path));
      await expect.poll(() => text("/overview"), { timeout: 60_000 }).toContain("$2.10 in total");
      await expect
        .poll(() => text("/overview?project=open"), { timeout: 60_000 })
        .toContain(">$1.50</a>");
      await expect
        .poll(() => text("/explore?range=today&group=model"), { timeout: 60_000 })
        .toMatch(/\$2\.10 in total.*gpt-4o-mini/s);
      await expect
        .poll(() => text(`/explore?range=today&filter=feature:${SECRET}`), { timeout: 60_000 })
        .toContain("$0.60 in total");
    });

    test("holds nothing of a project that its reader may not see, whatever the address asks for", async () => {
      await expect
        .poll(async () => readable(await htmlOf(viewer, "/overview")), { timeout: 60_000 })
        .toContain("$1.50 in total");
      for (const query of ["", "?project=*", "?project=closed", "?project=open"]) {
        for (const screen of ["/overview", "/explore"]) {
          const html = await htmlOf(viewer, `${screen}${query}`);
          const figures = ["$2.10", "$0.60", "0.600000000000000", "2.100000000000000", SECRET];
          for (const one of figures) expect(html, `${screen}${query}`).not.toContain(one);
        }
      }
    });

    test("holds no figures where nobody is signed in", async ({ browser }) => {
      const nobody = await browser.newContext();
      const html = await htmlOf(nobody, "/overview");
      for (const one of ["$2.10", "$1.50", SECRET, ADMIN.email]) expect(html).not.toContain(one);
      const page = await nobody.newPage();
      await page.goto(`${server.url}/explore?range=7d`);
      await page.waitForURL("**/sign-in?callbackUrl=%2Fexplore%3Frange%3D7d");
      await nobody.close();
    });
  });
