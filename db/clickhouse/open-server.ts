import { Readable } from "node:stream";
import { ClickHouseLogLevel, createClient } from "@clickhouse/client";
import { AbandonedError } from "@/db/clickhouse/abandoned";
import type { ClickHouse } from "@/db/clickhouse/client";
import { INSERT_SETTINGS, READ_SETTINGS } from "@/db/clickhouse/query-settings";
import { failingAsQuery, StoreOpenError } from "@/db/clickhouse/store-errors";
import { withSettings } from "@/db/clickhouse/with-settings";
import type { Log } from "@/lib/log";

/** What fails is thrown, with its cause; the client would write SQL to the console as well. */
const SILENT = { level: ClickHouseLogLevel.OFF };
const DEFAULT_DATABASE = "outlay";
/** A server would go on with a read whose client is gone. */
const STOP_WITH_CLIENT = { cancel_http_readonly_queries_on_client_close: 1 };
/** Longer than a read may take in the engine, so that its own answer arrives. */
const REQUEST_TIMEOUT_MS = 60_000;

/**
 * Opens a ClickHouse server. The URL's path names the database (`/outlay` by default), made if missing.
 * @throws StoreOpenError `bad_url` or `server_unreachable`
 */
export async function openServer(options: { url: string; log: Log }): Promise<ClickHouse> {
  const { origin, database } = parseUrl(options.url);
  await makeDatabase(origin, database);
  const client = createClient({
    url: origin,
    database,
    request_timeout: REQUEST_TIMEOUT_MS,
    // A month in another zone names thousands of generations: proxies refuse a URL that long.
    use_multipart_params_auto: true,
    log: SILENT,
  });
  options.log.info({ database }, "calls store open: ClickHouse server");

  return {
    kind: "server",
    async query(sql, params = {}, settings = {}, signal) {
      // The client looks at a signal's event only.
      if (signal?.aborted) throw new AbandonedError();
      const query = withSettings(sql, { ...READ_SETTINGS, ...STOP_WITH_CLIENT, ...settings });
      const asked = { query, query_params: params, format: "JSONEachRow" as const };
      try {
        return await failingAsQuery(async () =>
          (await client.query(signal ? { ...asked, abort_signal: signal } : asked)).json(),
        );
      } catch (error) {
        throw signal?.aborted ? new AbandonedError() : error;
      }
    },
    async insertLines(table, lines) {
      if (lines.trim() === "") return;
      const query = `${withSettings(`INSERT INTO ${table}`, INSERT_SETTINGS)} FORMAT JSONEachRow`;
      const values = Readable.from([lines], { objectMode: false });
      await failingAsQuery(async () => {
        const answer = await client.exec({ query, values });
        // The server's error may come with the body; an unread body also keeps its connection.
        for await (const _ of answer.stream);
      });
    },
    async command(sql, params = {}, settings = {}) {
      await failingAsQuery(() =>
        client.command({ query: withSettings(sql, settings), query_params: params }),
      );
    },
    async ping() {
      return client.ping().then(
        (answer) => answer.success,
        () => false,
      );
    },
    close: () => client.close(),
  };
}

function parseUrl(url: string): { origin: string; database: string } {
  const parsed = new URL(url);
  const database =
    decodeURIComponent(parsed.pathname.replace(/^\/+|\/+$/g, "")) || DEFAULT_DATABASE;
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(database)) {
    throw new StoreOpenError(
      "bad_url",
      "the path of CLICKHOUSE_URL is the database's name: letters, digits and underscores, such as http://host:8123/outlay.",
    );
  }
  parsed.pathname = "/";
  return { origin: parsed.toString(), database };
}

async function makeDatabase(origin: string, database: string): Promise<void> {
  const client = createClient({ url: origin, database: "default", log: SILENT });
  try {
    // Asked first: a user with rights on one database only may not create any, and need not.
    const found = await client.query({
      query: `EXISTS DATABASE ${database}`,
      format: "JSONEachRow",
    });
    const rows = await found.json<{ result: number }>();
    if (rows[0]?.result !== 1) await client.command({ query: `CREATE DATABASE ${database}` });
  } catch (error) {
    throw new StoreOpenError(
      "server_unreachable",
      `the ClickHouse server of CLICKHOUSE_URL does not answer, or refuses this user the database ${database}.`,
      error,
    );
  } finally {
    await client.close();
  }
}
