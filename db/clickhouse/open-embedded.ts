import { access, constants, mkdir, readFile, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import type { ClickHouseClient, createClient } from "@clickhouse/client";
import type { ChdbConnection } from "chdb/connection";
import type { BoundValue, ClickHouse } from "@/db/clickhouse/client";
import { embeddedConfig } from "@/db/clickhouse/embedded-config";
import { Lanes } from "@/db/clickhouse/lanes";
import { INSERT_SETTINGS, READ_SETTINGS } from "@/db/clickhouse/query-settings";
import { failingAsQuery, StoreOpenError } from "@/db/clickhouse/store-errors";
import { withSettings } from "@/db/clickhouse/with-settings";
import type { Log } from "@/lib/log";

const DATABASE = "outlay";
/** Enough for the pages of one person; each holds a thread of the engine while it works. */
const READERS = 3;
/**
 * Constants of every connection, the only settings that are ever `SET`: bound values count towards a
 * statement's size, which is 256 KB by default; and the engine drops to one thread a query when less
 * than 1 GiB a thread is free, which under our memory cap is always.
 */
const CONNECTION_SETTINGS = "max_query_size = 16777216, max_threads_min_free_memory_per_thread = 0";

type ClientConnection = NonNullable<NonNullable<Parameters<typeof createClient>[0]>["connection"]>;
interface Lane {
  client: ClickHouseClient;
  connection: ChdbConnection;
}

/**
 * Opens ClickHouse inside this process, in `<dataDir>/clickhouse`. One process owns that folder.
 * @throws StoreOpenError `engine_missing`, `data_dir_unusable` or `data_dir_locked`
 */
export async function openEmbedded(options: { dataDir: string; log: Log }): Promise<ClickHouse> {
  const engine = await loadEngine();
  const folder = path.join(options.dataDir, "clickhouse");
  const configFile = await writeConfig(options.dataDir, folder);
  const session = await openSession(engine.Session, folder, configFile);
  const openLane = async (): Promise<Lane> => {
    const connection = engine.createChdbConnection({ path: folder });
    // chDB implements the client's connection by its published types; under `strict` the two packages'
    // copies differ in optional fields only. The one cast of this store.
    const client = engine.createClient({ connection: connection as unknown as ClientConnection });
    await client.command({ query: `CREATE DATABASE IF NOT EXISTS ${DATABASE} ENGINE = Atomic` });
    await client.command({ query: `USE ${DATABASE}` });
    await client.command({ query: `SET ${CONNECTION_SETTINGS}` });
    return { client, connection };
  };
  const writerLane = await openLane();
  // Apart from the writer: a rebuild or a delete takes its time, and ingest must not wait for it.
  const commandLane = await openLane();
  const readerLanes = await Promise.all(Array.from({ length: READERS }, openLane));
  const writer = new Lanes([writerLane]);
  const commands = new Lanes([commandLane]);
  const readers = new Lanes(readerLanes);
  options.log.info({ folder }, "calls store open: embedded ClickHouse");

  const bind = (sql: string, params: Readonly<Record<string, BoundValue>>) =>
    bindParams(sql, params, (value) => engine.formatQueryParams({ value }));

  return {
    kind: "embedded",
    async query(sql, params = {}, settings = {}, signal) {
      const text = bind(withSettings(sql, { ...READ_SETTINGS, ...settings }), params);
      return readers.run(
        async ({ client }) =>
          failingAsQuery(async () =>
            (await client.query({ query: text, format: "JSONEachRow" })).json(),
          ),
        signal,
      );
    },
    async insertLines(table, lines) {
      await writer.run(({ connection }) =>
        failingAsQuery(() =>
          // Bytes go to the engine as they are; the client's own insert would copy them through text twice.
          connection.chdb.rawInsert({
            table,
            values: Buffer.from(lines),
            format: "JSONEachRow",
            settings: INSERT_SETTINGS,
          }),
        ),
      );
    },
    async command(sql, params = {}, settings = {}) {
      const text = bind(withSettings(sql, settings), params);
      await commands.run(({ client }) => failingAsQuery(() => client.command({ query: text })));
    },
    async ping() {
      return readers
        .run(({ client }) => client.ping())
        .then(
          (answer) => answer.success,
          () => false,
        );
    },
    async close() {
      await Promise.all([writer.drain(), commands.drain(), readers.drain()]);
      for (const lane of [writerLane, commandLane, ...readerLanes]) await lane.client.close();
      session.close();
      // A connection given up while the engine still works on it aborts the whole process.
      await engine.drainPending();
    },
  };
}

/**
 * Binds values the way a ClickHouse session does, `SET param_name = '…'`, in front of the statement.
 * The client's own way is right too, but chDB runs those strictly one after another in the whole
 * process: three readers would be one. These parameters belong to their connection alone.
 * @throws RangeError for a placeholder without a value: the connection may still hold an older one
 */
export function bindParams(
  sql: string,
  params: Readonly<Record<string, BoundValue>>,
  format: (value: BoundValue) => string,
): string {
  for (const [, name = ""] of sql.matchAll(/\{(\w+):/g)) {
    if (!Object.hasOwn(params, name)) throw new RangeError(`no value for {${name}}`);
  }
  const list = Object.entries(params).map(([name, value]) => {
    if (!/^\w+$/.test(name)) throw new RangeError(`${name} is no parameter name`);
    return `param_${name} = '${format(value).replace(/[\\']/g, "\\$&")}'`;
  });
  return list.length === 0 ? sql : `SET ${list.join(", ")};\n${sql}`;
}

/** Loaded here and only here: a server install does without the engine, which is an optional dependency. */
async function loadEngine() {
  try {
    const [chdb, connection, client, common] = await Promise.all([
      import("chdb"),
      import("chdb/connection"),
      import("@clickhouse/client"),
      import("@clickhouse/client-common"),
    ]);
    return {
      Session: chdb.Session,
      drainPending: chdb.drainPending,
      createChdbConnection: connection.createChdbConnection,
      createClient: client.createClient,
      formatQueryParams: common.formatQueryParams,
    };
  } catch (error) {
    throw new StoreOpenError(
      "engine_missing",
      `the embedded ClickHouse does not run on ${process.platform}-${process.arch} here (it needs glibc Linux or macOS, and its optional npm package): set CLICKHOUSE_URL to a ClickHouse server instead.`,
      error,
    );
  }
}

async function writeConfig(dataDir: string, folder: string): Promise<string> {
  const file = path.join(dataDir, "clickhouse.xml");
  try {
    await mkdir(folder, { recursive: true });
    await mkdir(path.join(dataDir, "backups"), { recursive: true });
    await access(folder, constants.W_OK);
    // Renamed into place: a start cut short must not leave half a file for the next.
    await writeFile(`${file}.new`, embeddedConfig(path.join(dataDir, "backups")));
    await rename(`${file}.new`, file);
    return file;
  } catch (error) {
    throw new StoreOpenError(
      "data_dir_unusable",
      `the data directory ${dataDir} cannot be written.`,
      error,
    );
  }
}

async function openSession(
  SessionClass: typeof import("chdb").Session,
  folder: string,
  configFile: string,
) {
  try {
    return new SessionClass(folder, { connectionArgs: [`--config-file=${configFile}`] });
  } catch (error) {
    // The engine says only that it could not connect; whose the folder is stands in its status file.
    const owner = await findLiveOwner(path.join(folder, "status"));
    throw owner
      ? new StoreOpenError(
          "data_dir_locked",
          `the data directory ${path.dirname(folder)} is in use by process ${owner}: stop that one first, or set OUTLAY_DATA_DIR to another folder.`,
          error,
        )
      : new StoreOpenError(
          "data_dir_unusable",
          `the embedded ClickHouse cannot open ${folder}.`,
          error,
        );
  }
}

async function findLiveOwner(statusFile: string): Promise<number | null> {
  const text = await readFile(statusFile, "utf8").catch(() => "");
  const pid = Number(/^PID: (\d+)/m.exec(text)?.[1] ?? 0);
  if (pid === 0) return null;
  try {
    process.kill(pid, 0);
    return pid;
  } catch (error) {
    // EPERM: it lives, under another user.
    return error instanceof Error && "code" in error && error.code === "EPERM" ? pid : null;
  }
}
