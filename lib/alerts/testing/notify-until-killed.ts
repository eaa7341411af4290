/**
 * A process of its own, for tests that kill it: records alerts, tells and sends them, and says on stdout which ones are
 * committed. It may end itself at a transaction, where no handler runs and nothing is flushed.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { openPostgres, type Postgres } from "@/db/postgres";
import { recordAlerts } from "@/lib/alerts/record-alert";
import { startNotices } from "@/lib/alerts/start-notices";
import { makeThreshold, SEALING_SECRET } from "@/lib/alerts/testing/notice-world";
import { createLog } from "@/lib/log";

/** What it is started with, as JSON. */
export interface NotifyOptions {
  dir: string;
  databaseUrl: string | null;
  /** Its keys begin with it. */
  name: string;
  /** The transaction it dies at, from 1, and when; null: somebody else kills it. */
  death: { nth: number; when: "before" | "during" | "after" } | null;
}

/** More than any death waits for. */
const ALERTS = 30;

const options = JSON.parse(process.argv[2] ?? "") as NotifyOptions;
const log = createLog("silent");
const { dir, databaseUrl, name, death } = options;

function dyingAtTransaction(postgres: Postgres): Postgres {
  let seen = 0;
  const die = () => process.kill(process.pid, "SIGKILL");
  const db = new Proxy(postgres.db, {
    get(target, property) {
      const value: unknown = Reflect.get(target, property, target);
      if (typeof value !== "function") return value;
      if (property !== "transaction") return value.bind(target);
      return async (...given: Parameters<Postgres["db"]["transaction"]>) => {
        seen += 1;
        if (seen !== death?.nth) return target.transaction(...given);
        if (death.when === "before") die();
        const working = target.transaction(...given);
        if (death.when === "during") {
          await new Promise(setImmediate);
          die();
        }
        const result = await working;
        die();
        return result;
      };
    },
  });
  return { ...postgres, db };
}

const postgres = dyingAtTransaction(await openPostgres({ databaseUrl, dataDir: dir, log }));
const notices = startNotices({
  postgres,
  env: { mayReachPrivate: true, smtpUrl: null },
  secrets: { sealing: SEALING_SECRET },
  publicUrl: "https://outlay.example.com",
  log,
});
for (let number = 0; number < ALERTS; number++) {
  const key = `${name}-${number}`;
  const alert = makeThreshold(70, { key, openedAt: new Date() });
  await postgres.db.transaction((tx) => recordAlerts(tx, [alert]));
  process.stdout.write(`${key}\n`);
  notices.wake();
  await sleep(20);
}
// It works on until it is killed.
setInterval(() => notices.wake(), 100);
