import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { expect } from "vitest";
import {
  type ClickHouseHttp,
  serveClickHouseHttp,
} from "@/db/clickhouse/testing/serve-clickhouse-http";
import type { GuardServer } from "@/ingest/testing/guard-server";
import { startProcess, type TestProcess } from "@/ingest/testing/start-process";
import { placeTestCluster } from "@/lib/testing/open-test-postgres";
import { type PostgresServer, startPostgres15 } from "@/lib/testing/start-postgres-15";

/** Where servers that are killed keep what they have. */
export interface MortalWorld {
  dir: string;
  databaseUrl: string | null;
  clickhouseUrl: string | null;
  clickhouse: ClickHouseHttp | null;
  postgres15: PostgresServer | null;
  close(): Promise<void>;
}

/** Opens a folder, and stores of its own beside it. */
export async function openMortalWorld(pair: "embedded" | "servers"): Promise<MortalWorld> {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), "outlay-caps-"));
  const remove = () => fs.rmSync(dir, { recursive: true, force: true });
  if (pair === "embedded") {
    await placeTestCluster(dir);
    const none = { databaseUrl: null, clickhouseUrl: null, clickhouse: null, postgres15: null };
    return { dir, ...none, close: async () => remove() };
  }
  const clickhouse = await serveClickHouseHttp();
  const postgres15 = await startPostgres15();
  return {
    dir,
    databaseUrl: postgres15.createDatabase(),
    clickhouseUrl: clickhouse.url,
    clickhouse,
    postgres15,
    async close() {
      postgres15.stop();
      await clickhouse.close();
      remove();
    },
  };
}

/** A server that is there again after each death; whoever asks for it while it is away waits. */
export class MortalServer {
  #current: Promise<TestProcess>;
  readonly #world: MortalWorld;
  #isOver = false;

  constructor(world: MortalWorld) {
    this.#world = world;
    this.#current = this.#start();
  }

  #start(): Promise<TestProcess> {
    const { dir, databaseUrl, clickhouseUrl } = this.#world;
    return startProcess({ dir, databaseUrl, clickhouseUrl });
  }

  /** Where the agents of a project find it. */
  reach(project: "default" | "other"): () => Promise<GuardServer> {
    return async () => {
      // Whoever still asks is of a test that failed.
      if (this.#isOver) throw new Error("this server is over");
      const { url, keys } = await this.#current;
      return { url, key: keys[project] };
    };
  }

  /** Kills it without a word and starts another one. */
  async die(): Promise<void> {
    const dying = await this.#current;
    dying.kill("SIGKILL");
    this.#current = dying.ended.then(() => this.#start());
    await this.#current;
  }

  /** Kills it for good. Once more changes nothing. */
  async end(): Promise<void> {
    this.#isOver = true;
    const last = await this.#current;
    last.kill("SIGKILL");
    await last.ended;
  }
}

const PATIENCE = { timeout: 600_000, interval: 20 };

/** One store after the other is away until the server has noticed. An embedded one never is. */
export async function takeStoresAway(
  { clickhouse, postgres15 }: MortalWorld,
  server: () => Promise<GuardServer>,
  round: number,
): Promise<void> {
  const store = round % 2 === 1 ? "clickhouse" : "postgres";
  if (!clickhouse || !postgres15) return;
  if (store === "clickhouse") await clickhouse.fail("closed");
  else postgres15.pause();
  try {
    const readiness = async () => (await fetch(`${(await server()).url}/readyz`)).json();
    await expect.poll(readiness, PATIENCE).toMatchObject({ [store]: false });
  } finally {
    if (store === "clickhouse") await clickhouse.recover();
    else postgres15.resume();
  }
}
