/**
 * The one process: an HTTP server that gives machines' paths to ingest and everything else to Next.
 * It opens the stores, once, and closes them in the opposite order.
 */
import { randomUUID } from "node:crypto";
import fs from "node:fs";
import http, { type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { openClickHouse } from "@/db/clickhouse/client";
import { migrateClickHouse } from "@/db/clickhouse/migrate";
import { openPostgres } from "@/db/postgres";
import { surviveLostConnection } from "@/db/survive-lost-connection";
import { answerClientError, HTTP_LIMITS } from "@/ingest/answer-client-error";
import { handleWebHealth } from "@/ingest/handle-web-health";
import { checkWebReadiness, tellReadiness } from "@/ingest/health";
import { type Ingest, openIngest } from "@/ingest/open-ingest";
import type { QuickConnections } from "@/ingest/quick/serve-quickly";
import { createAttemptLimiter } from "@/lib/auth/attempt-limiter";
import { claimDataDir } from "@/lib/data-dir";
import { type Env, readEnv, setAuthUrl } from "@/lib/env";
import { OutlayError, toProblem } from "@/lib/errors";
import { watchFreshness } from "@/lib/health/watch-freshness";
import { createKeyVerifier } from "@/lib/keys/verify-key";
import { createLog, type Log } from "@/lib/log";
import { checkApiRequest, listAllowedMethods } from "@/lib/openapi/check-api-request";
import { openPriceBookHolder } from "@/lib/prices/price-book-holder";
import { printableAddress } from "@/lib/printable-address";
import { type Runtime, setRuntime } from "@/lib/runtime";
import { ensureFirstRun } from "@/lib/settings/first-run";
import { isStartError, StartError } from "@/lib/start-error";

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** What was opened, closed last in first out. */
const opened: (() => Promise<void> | void)[] = [];

let listening: http.Server | null = null;
/** Its connections that are not (yet) in `node:http`'s hands. */
let quick: QuickConnections | null = null;

/** Ends the requests that never end by themselves. */
let endStreams: () => void = () => undefined;

/** How long requests under way may take to end once the port is closed. */
const REQUESTS_MS = 5_000;
/** How long a stop may drain; what is left stays in the spool and is drained by the next start. */
const DRAIN_MS = 10_000;
/** A stop that hangs must not hold the machine: past this the process ends, as a crash would. */
const STOP_MS = 25_000;

/** What a proxy says of the client. Without one that is trusted it is the client's own claim, and is dropped. */
const FORWARDED = ["x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "forwarded"];

/** The contract's, and those that some OpenTelemetry clients append by themselves. */
const MACHINE_PATHS = /^\/(v1(\/|\?|$)|healthz(\?|$)|readyz(\?|$)|(api\/(public\/)?)?otel\/v1\/)/;

/** `delete` makes an object slow for everyone who reads it later, so only what is there is deleted. */
function dropForwarded({ headers }: IncomingMessage): void {
  for (const name of FORWARDED) if (headers[name] !== undefined) delete headers[name];
}

/** Takes no new connection, and lets the requests under way end. */
function stopListening(): Promise<void> {
  const server = listening;
  if (!server) return Promise.resolve();
  endStreams();
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      server.closeAllConnections();
      quick?.destroy();
    }, REQUESTS_MS);
    quick?.stop();
    server.close(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}

async function closeAll(log: Log): Promise<void> {
  await stopListening();
  for (const close of opened.splice(0).reverse()) {
    try {
      await close();
    } catch (error) {
      log.error({ err: error }, "a part did not close cleanly");
    }
  }
}

function refuse(code: "unavailable" | "not_found", detail: string): Handler {
  return (request, response) => {
    if (code === "unavailable" && request.url?.startsWith("/healthz")) {
      response.writeHead(200, { "content-type": "application/json" }).end('{"status":"starting"}');
      return;
    }
    const problem = toProblem(new OutlayError(code, detail));
    response.writeHead(problem.status, {
      "content-type": "application/problem+json",
      ...(code === "unavailable" ? { "retry-after": "1" } : {}),
    });
    response.end(JSON.stringify(problem));
  };
}

function sendFault(response: ServerResponse, fault: OutlayError, allowed: readonly string[]): void {
  const problem = toProblem(fault, randomUUID());
  response.writeHead(problem.status, {
    "content-type": "application/problem+json",
    ...(fault.code === "method_not_allowed" ? { allow: allowed.join(", ") } : {}),
  });
  response.end(JSON.stringify(problem));
}

/**
 * Next sends the headers of a route's answer on their own, ahead of a body it already has. That is for pages, which
 * stream; an answer of the API is one piece, and goes out as one.
 */
function sendHeadersWithBody(response: ServerResponse): void {
  response.flushHeaders = () => undefined;
}

/** Takes the port before any store is touched: a port in use is the commonest reason not to start. */
async function listen(env: Env): Promise<{ server: http.Server; port: number }> {
  const server = http.createServer(HTTP_LIMITS);
  server.on("clientError", answerClientError);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(env.port, env.host, resolve);
  }).catch((error: NodeJS.ErrnoException) => {
    const why: Record<string, string> = {
      EADDRINUSE: `port ${env.port} on ${env.host} is in use: stop what listens there, or set PORT to another.`,
      EACCES: `port ${env.port} may not be opened by this user: set PORT to one above 1023.`,
      EADDRNOTAVAIL: `${env.host} is no address of this machine: set HOST to one that is, or to 0.0.0.0.`,
    };
    throw new StartError(
      why[error.code ?? ""] ?? `cannot listen on ${env.host}:${env.port}: ${error.message}.`,
    );
  });
  listening = server;
  return { server, port: (server.address() as AddressInfo).port };
}

/** Opens both stores and everything that lives as long as the process. */
async function openRuntime(env: Env, log: Log, publicUrl: string) {
  // The web role keeps nothing on disk, so several may share a folder.
  if (env.role !== "web") opened.push(claimDataDir(env.dataDir));
  const clickhouse = await openClickHouse({ url: env.clickhouseUrl, dataDir: env.dataDir, log });
  opened.push(() => clickhouse.close());
  const migrated = migrateClickHouse(clickhouse, { log });
  const postgres = await openPostgres({ databaseUrl: env.databaseUrl, dataDir: env.dataDir, log });
  opened.push(() => postgres.close());
  await migrated;
  const { secrets, setupPath } = await ensureFirstRun({ postgres, env, log });
  const prices = await openPriceBookHolder({ db: postgres.db, log });
  opened.push(() => prices.close());
  const keys = createKeyVerifier({ db: postgres.db, log });
  let ingest: Ingest | null = null;
  if (env.role !== "web") {
    const stores = { clickhouse, postgres, keys, prices };
    ingest = await openIngest({ env, log, ...stores, secrets, publicUrl });
    opened.push(() => ingest?.close(DRAIN_MS));
    endStreams = () => ingest?.endStreams();
  }
  const backlog = (): ReturnType<Runtime["backlog"]> => ingest?.backlog() ?? null;
  const freshness = watchFreshness({
    db: postgres.db,
    log,
    own: () => ingest && { spoolId: ingest.spool.id(), ...ingest.backlog() },
    // An embedded store has one process.
    hasOthers: env.databaseUrl !== null && env.clickhouseUrl !== null,
  });
  const readiness = () =>
    ingest?.readiness() ?? tellReadiness(checkWebReadiness({ clickhouse, postgres }));
  const corrections = { wake: () => ingest?.wakeCorrections() };
  // In a role without the job, another process looks every second.
  const budgets = { wake: () => ingest?.wakeBudgets(), waitMs: 3_000 };
  const alerts = { wake: () => ingest?.wakeAlerts() };
  const retries = { wake: () => ingest?.wakeRetries() };
  const previewTags: Runtime["previewTags"] = (projectId, rules) =>
    ingest?.previewTags(projectId, rules) ?? { spans: [], attributes: [] };
  const signIns = createAttemptLimiter();
  const stores = { clickhouse, postgres, prices, keys, signIns };
  const jobs = {
    backlog,
    freshness,
    readiness,
    corrections,
    budgets,
    alerts,
    retries,
    previewTags,
  };
  setRuntime({ env, log, ...stores, ...jobs, secrets, publicUrl });
  return { ingest, setupPath, clickhouse, postgres, log };
}

/** Next, unless this role serves no pages. Imported late: it is the largest module of the process. */
async function openPages(env: Env, server: http.Server, port: number): Promise<Handler> {
  if (env.role === "ingest") return refuse("not_found", "This process serves /v1 only.");
  const isDev = env.nodeEnv === "development";
  if (!isDev && !fs.existsSync(path.join(process.cwd(), ".next", "BUILD_ID"))) {
    throw new StartError(
      "the pages are not built: run npm start, or node scripts/build.mjs first.",
    );
  }
  const { default: next } = await import("next");
  const app = next({
    dev: isDev,
    dir: process.cwd(),
    hostname: env.host,
    port,
    httpServer: server,
  });
  await app.prepare();
  opened.push(() => app.close());
  const handle = app.getRequestHandler();
  return (request, response) => {
    const url = request.url ?? "/";
    const fault = checkApiRequest(request.method ?? "GET", url);
    if (fault) return sendFault(response, fault, listAllowedMethods(url));
    if (url.startsWith("/api/")) sendHeadersWithBody(response);
    handle(request, response).catch(() => response.destroy());
  };
}

function stopOnSignal(log: Log): void {
  let isStopping = false;
  const stop = (): void => {
    // A second Ctrl-C is a person who does not want to wait; the spool makes that safe.
    if (isStopping) process.exit(1);
    isStopping = true;
    setTimeout(() => process.exit(1), STOP_MS).unref();
    closeAll(log).then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
}

async function main(): Promise<void> {
  if (fs.existsSync(".env")) process.loadEnvFile(".env");
  const env = readEnv();
  const log = createLog(env.logLevel ?? (process.stdout.isTTY ? "warn" : "info"));
  stopOnSignal(log);
  surviveLostConnection(log);
  try {
    const { server, port } = await listen(env);
    let machines = refuse("unavailable", "Outlay is starting.");
    let pages = machines;
    server.on("request", (request, response) => {
      if (!env.isProxyTrusted) dropForwarded(request);
      (MACHINE_PATHS.test(request.url ?? "") ? machines : pages)(request, response);
    });
    const address = env.publicUrl ?? printableAddress(env.host, port);
    setAuthUrl(address);
    // Side by side: Next loads for half a second of CPU while the stores wait for their disks.
    const [runtime, handlePage] = await Promise.all([
      openRuntime(env, log, address),
      openPages(env, server, port),
    ]);
    const { ingest, setupPath } = runtime;
    machines = ingest?.handle ?? handleWebHealth(runtime);
    pages = handlePage;
    quick = ingest?.serveQuickly(server) ?? null;
    // One write: whoever started us and reads along (a test, a script) has both lines or none.
    const setup = setupPath
      ? `Make the first account (the link works once): ${address}${setupPath}\n`
      : "";
    process.stdout.write(`\nOutlay is ready on ${address}\n${setup}`);
  } catch (error) {
    if (!isStartError(error)) throw error;
    await closeAll(log);
    throw error;
  }
}

main().catch((error: unknown) => {
  const text = isStartError(error) ? error.message : String((error as Error)?.stack ?? error);
  process.stderr.write(`outlay: ${text}\n`);
  process.exit(1);
});
