import http from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { ServerProcess } from "./server-process";

/** Where bodies go, and what is answered when they are taken. */
export interface Endpoint {
  path: string;
  type: string;
  status: number;
}
const EVENTS: Endpoint = { path: "/v1/events", type: "application/json", status: 202 };

/** Posts ready-made bodies over keep-alive connections, `connections` at a time. @throws Error for any other answer */
export async function postBodies(
  server: ServerProcess,
  bodies: readonly Buffer[],
  connections: number,
  endpoint = EVENTS,
): Promise<void> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: connections });
  let next = 0;
  const work = async (): Promise<void> => {
    for (let body = bodies[next++]; body; body = bodies[next++]) {
      const status = await post(server, agent, body, endpoint);
      if (status !== endpoint.status) throw new Error(`the server answered ${status}`);
    }
  };
  await Promise.all(Array.from({ length: connections }, work));
  agent.destroy();
}

function post(
  server: ServerProcess,
  agent: http.Agent,
  body: Buffer,
  { path, type }: Endpoint,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = http.request(`${server.url}${path}`, {
      method: "POST",
      agent,
      headers: {
        authorization: `Bearer ${server.key}`,
        "content-type": type,
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
      spans: { events: number };
    };
    if (ready.spool.events + ready.spans.events === 0) return;
    await sleep(10);
  }
}
