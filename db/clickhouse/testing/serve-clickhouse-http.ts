import { mkdtemp, rm, writeFile } from "node:fs/promises";
import http from "node:http";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { Session } from "chdb";
import { embeddedConfig } from "@/db/clickhouse/embedded-config";

/**
 * How a server is away: its port is closed; it takes requests and says nothing; it refuses them; it does what is asked
 * and its answer never arrives.
 */
export type Outage = "closed" | "silent" | "refusing" | "answers lost";

export interface ClickHouseHttp {
  url: string;
  /** Goes away; requests under way are cut off. */
  fail(how: Outage): Promise<void>;
  /** Comes back, on the same port. */
  recover(): Promise<void>;
  /** Asks the engine itself, whether or not the server answers. @returns rows as objects */
  ask(sql: string): unknown[];
  close(): Promise<void>;
}

/** What a server that is up refuses with: MEMORY_LIMIT_EXCEEDED, TOO_MANY_PARTS; and a proxy with none behind it. */
const REFUSALS = [
  { status: 500, code: "241", text: "Code: 241. DB::Exception: Memory limit exceeded" },
  { status: 500, code: "252", text: "Code: 252. DB::Exception: Too many parts" },
  { status: 503, code: null, text: "upstream is away" },
] as const;

/**
 * ClickHouse's HTTP interface in front of the embedded engine, as far as our client speaks it: the
 * statement in the body, or in `query` with the rows in the body; `param_<name>`, `database`; errors with
 * their code. It stands in for a server that cannot be installed here; the engine behind it is the real one.
 */
export async function serveClickHouseHttp(): Promise<ClickHouseHttp> {
  const folder = await mkdtemp(path.join(os.tmpdir(), "outlay-http-"));
  // Its pauses between deletes too, which by default are most of what a test of them takes.
  const configFile = `${folder}.xml`;
  await writeFile(configFile, embeddedConfig(folder));
  const session = new Session(folder, { connectionArgs: [`--config-file=${configFile}`] });
  let outage: Outage | null = null;
  let refusals = 0;
  // ClickHouse takes a URL of 1 MiB (http_max_uri_size).
  const server = http.createServer({ maxHeaderSize: 1024 * 1024 }, async (request, response) => {
    if (outage === "silent") return;
    if (outage === "refusing") return refuse(request, response, refusals++);
    const url = new URL(request.url ?? "/", "http://localhost");
    if (url.pathname === "/ping") return response.end("Ok.\n");
    try {
      const statement = await readStatement(request, url);
      session.query(`USE ${url.searchParams.get("database") ?? "default"}`);
      const result = await session.queryAsync(`${paramsOf(url)}${statement}`, {
        format: "JSONEachRow",
      });
      // Read again: it may have gone away meanwhile.
      if (isCutOff()) return request.socket.destroy();
      return response.end(result.bytes());
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      const code = /Code: (\d+)/.exec(message)?.[1] ?? "1002";
      response.writeHead(500, { "x-clickhouse-exception-code": code });
      return response.end(`${message}\n`);
    }
  });
  // The client lets go of an idle connection first; on a busy machine five seconds are not enough for that.
  server.keepAliveTimeout = 300_000;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const isCutOff = (): boolean => outage === "answers lost";
  const stopListening = async (): Promise<void> => {
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  };
  return {
    url: `http://127.0.0.1:${port}`,
    async fail(how) {
      outage = how;
      if (how === "closed") await stopListening();
      else if (how !== "answers lost") server.closeAllConnections();
    },
    async recover() {
      outage = null;
      if (server.listening) server.closeAllConnections();
      else await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
    },
    ask(sql) {
      const text = session.query(sql, "JSONEachRow");
      return text.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line)]));
    },
    async close() {
      if (server.listening) await stopListening();
      session.close();
      await rm(folder, { recursive: true, force: true });
      await rm(configFile);
    },
  };
}

async function refuse(
  request: http.IncomingMessage,
  response: http.ServerResponse,
  turn: number,
): Promise<void> {
  const { status, code, text } = REFUSALS[turn % REFUSALS.length] ?? REFUSALS[0];
  await readBody(request);
  response.writeHead(status, code === null ? {} : { "x-clickhouse-exception-code": code });
  response.end(text);
}

/** What does not fit a URL comes as a form: the statement and its parameters, which are put beside the URL's. */
async function readStatement(request: http.IncomingMessage, url: URL): Promise<string> {
  const body = await readBody(request);
  const type = request.headers["content-type"] ?? "";
  if (type.startsWith("multipart/form-data")) {
    const form = await new Response(body, { headers: { "content-type": type } }).formData();
    for (const [name, value] of form) url.searchParams.append(name, String(value));
    return url.searchParams.get("query") ?? "";
  }
  const query = url.searchParams.get("query");
  return query === null ? body : `${query}\n${body}`;
}

function paramsOf(url: URL): string {
  return [...url.searchParams]
    .filter(([name]) => name.startsWith("param_"))
    .map(([name, value]) => `SET ${name} = '${value.replace(/[\\']/g, "\\$&")}'; `)
    .join("");
}

async function readBody(request: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}
