import { mkdtemp, rm } from "node:fs/promises";
import http from "node:http";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { Session } from "chdb";

/**
 * ClickHouse's HTTP interface in front of the embedded engine, as far as our client speaks it: the
 * statement in the body, or in `query` with the rows in the body; `param_<name>`, `database`; errors with
 * their code. It stands in for a server that cannot be installed here; the engine behind it is the real one.
 */
export async function serveClickHouseHttp(): Promise<{ url: string; close(): Promise<void> }> {
  const folder = await mkdtemp(path.join(os.tmpdir(), "outlay-http-"));
  const session = new Session(folder);
  const server = http.createServer(async (request, response) => {
    const url = new URL(request.url ?? "/", "http://localhost");
    if (url.pathname === "/ping") return response.end("Ok.\n");
    const body = await readBody(request);
    const query = url.searchParams.get("query");
    const statement = query === null ? body : `${query}\n${body}`;
    try {
      session.query(`USE ${url.searchParams.get("database") ?? "default"}`);
      const result = await session.queryAsync(`${paramsOf(url)}${statement}`, {
        format: "JSONEachRow",
      });
      return response.end(result.bytes());
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      const code = /Code: (\d+)/.exec(message)?.[1] ?? "1002";
      response.writeHead(500, { "x-clickhouse-exception-code": code });
      return response.end(`${message}\n`);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      session.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
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
