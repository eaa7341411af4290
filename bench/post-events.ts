import http from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { ServerProcess } from "./server-process";

/** Posts ready-made bodies over keep-alive connections, `connections` at a time. @throws Error for any answer but 202 */
export async function postBodies(
  server: ServerProcess,
  bodies: readonly Buffer[],
  connections: number,
): Promise<void> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: connections });
  let next = 0;
  const work = async (): Promise<void> => {
    for (let body = bodies[next++]; body; body = bodies[next++]) {
      const status = await post(server, agent, body);
      if (status !== 202) throw new Error(`the server answered ${status}`);
    }
  };
  await Promise.all(Array.from({ length: connections }, work));
  agent.destroy();
}

function post(server: ServerProcess, agent: http.Agent, body: Buffer): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = http.request(`${server.url}/v1/events`, {
      method: "POST",
      agent,
      headers: {
        authorization: `Bearer ${server.key}`,
        "content-type": "application/json",
        "content-length": body.length,
      },
    });
    request.once("error", reject);
    request.once("response", (response) => {
      response.resume();
      response.once("end", () => resolve(response.statusCode ?? 0));
    });
    request.end(body);
  });
}

/** Waits until everything accepted is queryable. */
export async function waitUntilDrained(server: ServerProcess): Promise<void> {
  for (;;) {
    const ready = (await (await fetch(`${server.url}/readyz`)).json()) as {
      spool: { events: number };
    };
    if (ready.spool.events === 0) return;
    await sleep(10);
  }
}
