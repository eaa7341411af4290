import { eventsOfDay } from "../scripts/demo-fleet";
import { waitUntilDrained } from "./post-events";
import type { ServerProcess } from "./server-process";

const DAYS = 30;
const BATCH = 5_000;

/** Makes the project `demo` and posts the demo company's last 30 days into it, up to now; returns when they can be queried. */
export async function postDemo(server: ServerProcess): Promise<void> {
  const headers = { authorization: `Bearer ${server.key}`, "content-type": "application/json" };
  const post = async (path: string, body: object): Promise<void> => {
    const init = { method: "POST", headers, body: JSON.stringify(body) };
    const response = await fetch(`${server.url}${path}`, init);
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  };
  await post("/api/projects", { slug: "demo", name: "Demo", is_demo: true });
  const nowMs = Date.now();
  for (let daysAgo = DAYS; daysAgo >= 0; daysAgo -= 1) {
    const day = new Date(nowMs - daysAgo * 86_400_000).toISOString().slice(0, 10);
    const events = eventsOfDay(day).filter((e) => Date.parse(String(e.timestamp)) <= nowMs);
    for (let from = 0; from < events.length; from += BATCH) {
      await post("/v1/events?project=demo", { events: events.slice(from, from + BATCH) });
    }
  }
  await waitUntilDrained(server);
}
