import fs from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { type BrowserContext, chromium } from "@playwright/test";
import { CHROMIUM_OPTIONS } from "../playwright.config";
import type { ServerProcess } from "./server-process";

const ADMIN = { email: "ada@example.com", password: "a long enough password" };

/** What a server is started with so that `browse` can sign in. */
export const ADMIN_ENV = { OUTLAY_ADMIN_EMAIL: ADMIN.email, OUTLAY_ADMIN_PASSWORD: ADMIN.password };

/** A person at a browser of their own, signed in; `debuggingPort` is where another tool reaches the same browser. */
export interface Visit {
  context: BrowserContext;
  debuggingPort: number;
}

/** Opens Chromium with an empty profile, signs in, lets `look` do its work, and leaves nothing behind. */
export async function browse<Result>(
  { url }: ServerProcess,
  look: (visit: Visit) => Promise<Result>,
): Promise<Result> {
  const profile = fs.mkdtempSync(path.join(os.tmpdir(), "outlay-bench-profile-"));
  const debuggingPort = await findFreePort();
  const context = await chromium.launchPersistentContext(profile, {
    ...CHROMIUM_OPTIONS,
    viewport: { width: 1440, height: 900 },
    args: [...CHROMIUM_OPTIONS.args, `--remote-debugging-port=${debuggingPort}`],
  });
  try {
    const page = await context.newPage();
    await page.goto(`${url}/sign-in`);
    await page.getByLabel("E-mail").fill(ADMIN.email);
    await page.getByLabel("Password").fill(ADMIN.password);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.waitForURL("**/overview**", { timeout: 60_000 });
    await page.close();
    return await look({ context, debuggingPort });
  } finally {
    await context.close();
    fs.rmSync(profile, { recursive: true, force: true });
  }
}

function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}
