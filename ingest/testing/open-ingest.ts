import { randomUUID } from "node:crypto";
import fs from "node:fs";
import http from "node:http";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import type { ClickHouse } from "@/db/clickhouse/client";
import { openClickHouse } from "@/db/clickhouse/client";
import { migrateClickHouse } from "@/db/clickhouse/migrate";
import type { Postgres } from "@/db/postgres";
import { insertKey } from "@/db/queries/keys";
import {
  findProjectBySlug,
  insertProject,
  type ProjectRow,
  updateProjectRow,
} from "@/db/queries/projects";
import { HTTP_LIMITS } from "@/ingest/answer-client-error";
import type { CallsWriter } from "@/ingest/calls/write-calls";
import type { ContentsWriter } from "@/ingest/contents/write-contents";
import type { CountersWriter } from "@/ingest/counters/count-spool";
import type { SpansWriter } from "@/ingest/link/write-spans";
import { openIngest } from "@/ingest/open-ingest";
import type { RejectionMover } from "@/ingest/rejections/move-rejections";
import type { Spool } from "@/ingest/spool/open-spool";
import { readEnv } from "@/lib/env";
import { hashKey } from "@/lib/keys/hash-key";
import { createKeyVerifier } from "@/lib/keys/verify-key";
import { createLog } from "@/lib/log";
import type { KeyScope } from "@/lib/permissions";
import { createPriceBook } from "@/lib/prices/price-book";
import type { PriceBookHolder } from "@/lib/prices/price-book-holder";
import { openTestPostgres } from "@/lib/testing/open-test-postgres";

/** The whole machine side on real engines, in a folder of its own. */
export interface TestIngest {
  url: string;
  dir: string;
  clickhouse: ClickHouse;
  postgres: Postgres;
  spool: Spool;
  calls: CallsWriter;
  contents: ContentsWriter;
  counters: CountersWriter;
  spans: SpansWriter;
  rejections: RejectionMover;
  wakeCorrections(): void;
  wakeRetries(): void;
  endStreams(): void;
  /** Projects `default` and `other`, by slug. */
  projectIds: { default: string; other: string };
  /** Posts a body; objects and lists are sent as JSON. */
  post(
    body: unknown,
    options?: PostOptions,
  ): Promise<{ status: number; body: Answer; headers: Headers }>;
  makeKey(options?: {
    scopes?: KeyScope[];
    isInstallation?: boolean;
    project?: "default" | "other";
  }): Promise<string>;
  changeProject(change: Partial<ProjectRow>): Promise<void>;
  /** Rows of the calls store after everything accepted is in it, by id. */
  rows(where?: string): Promise<Record<string, unknown>[]>;
  /** Ends it and leaves its folder and its people for another one. */
  stop(): Promise<void>;
  /** Ends it and removes everything. */
  close(): Promise<void>;
}

export interface PostOptions {
  key?: string | null;
  headers?: Record<string, string>;
  query?: string;
  path?: string;
  method?: string;
}

/** The answer of `POST /v1/events`, or a problem. */
export interface Answer {
  accepted: number;
  rejected: { index: number; id: string | null; errors: { path: string; message: string }[] }[];
  conflicts: { index: number; id: string | null; errors: { path: string; message: string }[] }[];
  title: string;
  detail: string;
  errors: { path: string; message: string }[];
  request_id: string;
}

/** @param options.wrap puts something between the drain and the store: the far end of a network that fails. */
export async function openTestIngest(
  options: {
    maxBytes?: number;
    /** A folder of an earlier one, or of a process that was killed. */
    dir?: string;
    /** The people of an earlier one, whose projects these are. */
    postgres?: Postgres;
    /** How long its end may drain. */
    drainMs?: number;
    wrap?: (clickhouse: ClickHouse) => Pick<ClickHouse, "insertLines">;
    /** A ClickHouse behind HTTP; without one the engine of this process. */
    clickhouseUrl?: string | null;
    /** Watches or fails everything that is asked of the calls store. */
    watch?: (clickhouse: ClickHouse) => ClickHouse;
  } = {},
): Promise<TestIngest> {
  const dir = options.dir ?? fs.mkdtempSync(path.join(os.tmpdir(), "outlay-ingest-"));
  const log = createLog("silent");
  const { clickhouseUrl = null, watch = (store: ClickHouse) => store } = options;
  const clickhouse = watch(await openClickHouse({ url: clickhouseUrl, dataDir: dir, log }));
  await migrateClickHouse(clickhouse, { log });
  const postgres = options.postgres ?? (await openTestPostgres());
  const projectIds = {
    default: await makeProject(postgres, "default"),
    other: await makeProject(postgres, "other"),
  };
  const keys = createKeyVerifier({ db: postgres.db, log });
  const ingest = await openIngest({
    env: {
      ...readEnv({ NODE_ENV: "test", OUTLAY_DATA_DIR: dir }),
      spoolMaxBytes: options.maxBytes ?? 256 * 1024 * 1024,
      // A channel's far end is a server of the test.
      mayReachPrivate: true,
    },
    secrets: { sealing: "a key of the tests only" },
    publicUrl: "http://127.0.0.1:3000",
    log,
    clickhouse,
    postgres,
    keys,
    prices: listPrices(),
    ...(options.wrap ? { callsStore: options.wrap(clickhouse) } : {}),
  });
  const { spool, calls, spans, contents, counters, rejections } = ingest;
  const server = http.createServer(HTTP_LIMITS, (request, response) =>
    ingest.handle(request, response),
  );
  const quick = ingest.serveQuickly(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const makeKey: TestIngest["makeKey"] = async ({
    scopes = ["ingest"],
    isInstallation = false,
    project = "default",
  } = {}) => {
    const key = `test_${randomUUID()}`;
    await insertKey(postgres.db, {
      projectId: projectIds[project],
      name: "test",
      hash: hashKey(key),
      prefix: key.slice(0, 9),
      scopes,
      isInstallation,
    });
    return key;
  };
  const defaultKey = await makeKey();
  const stop = async (): Promise<void> => {
    await new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
      quick.destroy();
    });
    await ingest.close(options.drainMs ?? 10_000);
    await clickhouse.close();
  };
  return {
    url,
    dir,
    clickhouse,
    postgres,
    spool,
    calls,
    spans,
    contents,
    counters,
    rejections,
    wakeCorrections: () => ingest.wakeCorrections(),
    wakeRetries: () => ingest.wakeRetries(),
    endStreams: () => ingest.endStreams(),
    projectIds,
    makeKey,
    post: (body, given = {}) => post(url, defaultKey, body, given),
    async changeProject(change) {
      await updateProjectRow(postgres.db, projectIds.default, change);
      keys.forget({ projectId: projectIds.default });
    },
    async rows(where = "1") {
      await calls.drained();
      const sql = `SELECT * FROM llm_calls FINAL WHERE ${where} ORDER BY id`;
      return (await clickhouse.query(sql)) as Record<string, unknown>[];
    },
    stop,
    async close() {
      await stop();
      await postgres.close();
      fs.rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** The list prices, without operator overrides. */
export function listPrices(): PriceBookHolder {
  const book = createPriceBook({ overrides: [] });
  return {
    priceCall: (call) => book.priceCall(call),
    matchModel: (...named) => book.matchModel(...named),
    dearestPrices: (query) => book.dearestPrices(query),
    reload: async () => undefined,
  };
}

async function makeProject(postgres: Postgres, slug: string): Promise<string> {
  const known = await findProjectBySlug(postgres.db, slug);
  const row = known ?? (await insertProject(postgres.db, { slug, name: slug }));
  if (!row) throw new Error(`no project ${slug}`);
  return row.id;
}

async function post(url: string, defaultKey: string, body: unknown, options: PostOptions) {
  const {
    key = defaultKey,
    headers = {},
    query = "",
    path: route = "/v1/events",
    method = "POST",
  } = options;
  const isRaw = typeof body === "string" || body instanceof Uint8Array;
  const response = await fetch(`${url}${route}${query}`, {
    method,
    headers: {
      ...(method === "POST" ? { "content-type": "application/json" } : {}),
      ...(key === null ? {} : { authorization: `Bearer ${key}` }),
      ...headers,
    },
    ...(method === "POST" ? { body: isRaw ? (body as string) : JSON.stringify(body) } : {}),
  });
  const text = await response.text();
  return {
    status: response.status,
    body: (text ? JSON.parse(text) : null) as Answer,
    headers: response.headers,
  };
}
