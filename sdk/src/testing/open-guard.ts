import { afterEach, expect, vi } from "vitest";
import type { Outlay } from "../create-outlay.ts";
import { createOutlay } from "../node.ts";
import { budgetOf, engaged, openFakeOutlay } from "./fake-outlay.ts";

export interface GuardedWorld {
  outlay: Outlay;
  /** All events that were told so far. */
  events(): Promise<Record<string, unknown>[]>;
  /** The only one. */
  one(): Promise<Record<string, unknown>>;
  /** What was asked for at reservations. */
  wishes(): Record<string, unknown>[];
  /** Engages the agent's switch and waits until this process knows. */
  halt(): Promise<void>;
}

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

/**
 * The whole guard of an agent "planner", before a server that a test can make say things.
 * @param reroute the model that a budget sends every call to
 */
export async function openGuard({ reroute }: { reroute?: string } = {}): Promise<GuardedWorld> {
  const server = await openFakeOutlay();
  if (reroute) {
    server.setPolicy({ budgets: [budgetOf({ mode: "strict", scope: "global", value: null })] });
    server.answer("/v1/reservations", ({ body }) => ({
      status: 200,
      body: { decision: "reroute", reservation_id: body.id, model: reroute, reasons: [] },
    }));
  }
  const options = { url: server.url, apiKey: "k", agent: "planner", flushAtExit: false };
  const outlay = createOutlay(options);
  closing.push(() => outlay.close(0).then(() => server.close()));
  await vi.waitFor(() => expect(outlay.status().policy.state).toBe("live"));
  const events = async () => {
    await outlay.flush();
    return server.events();
  };
  return {
    outlay,
    events,
    async one() {
      const [event, ...others] = await events();
      if (!event || others.length > 0) throw new Error(`${others.length} events too many, or none`);
      return event;
    },
    wishes: () => server.of("/v1/reservations").map(({ body }) => body),
    async halt() {
      const { version } = outlay.status().policy;
      server.setPolicy({ kill_switches: [engaged("planner")] });
      await vi.waitFor(() => expect(outlay.status().policy.version).not.toBe(version));
    },
  };
}
