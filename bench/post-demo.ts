import { batchesOfMonth, DEMO_PROJECT } from "../lib/demo/demo-month";
import { waitUntilDrained } from "./post-events";
import type { ServerProcess } from "./server-process";

/** Makes the project `demo` and posts the demo company's last 30 days into it, up to now; returns when they can be queried. */
export async function postDemo(server: ServerProcess): Promise<void> {
  const headers = { authorization: `Bearer ${server.key}`, "content-type": "application/json" };
  const post = async (path: string, body: object): Promise<void> => {
    const init = { method: "POST", headers, body: JSON.stringify(body) };
    const response = await fetch(`${server.url}${path}`, init);
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  };
  await post("/api/projects", DEMO_PROJECT);
  for (const { events } of batchesOfMonth(Date.now())) {
    await post(`/v1/events?project=${DEMO_PROJECT.slug}`, { events });
  }
  await waitUntilDrained(server);
}
