import { randomInt } from "node:crypto";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { reservations } from "@/db/schema/budgets";
import { readCountedBudgets } from "@/ingest/testing/expect-caps-held";
import { seededRandom } from "@/ingest/testing/guard-server";
import { openTestIngest, type TestIngest } from "@/ingest/testing/open-ingest";
import { readUsd } from "@/lib/budgets/budget-row";
import { formatUsd } from "@/lib/money";
import { makeBudget } from "@/lib/testing/test-budgets";

/** From one to the next the clock only goes forward, as a clock does. `from` to `edge` is the period before. */
const EDGES = [
  // Two o'clock is left out.
  ["America/New_York", "hour", "2026-03-08T06:00:00Z", "2026-03-08T07:00:00Z"],
  // A day of 23 hours.
  ["America/New_York", "day", "2026-03-08T05:00:00Z", "2026-03-09T04:00:00Z"],
  // One o'clock comes twice.
  ["America/New_York", "hour", "2026-11-01T05:00:00Z", "2026-11-01T06:00:00Z"],
  // A day of 25 hours.
  ["America/New_York", "day", "2026-11-01T04:00:00Z", "2026-11-02T05:00:00Z"],
  ["Asia/Kathmandu", "hour", "2026-11-21T09:15:00Z", "2026-11-21T10:15:00Z"],
  ["Asia/Kathmandu", "day", "2026-11-20T18:15:00Z", "2026-11-21T18:15:00Z"],
] as const;
const PROJECTS = ["default", "other"] as const;
const AGENTS = process.env.SOAK ? 400 : 60;
const CALLS_EACH = 3;
const HOLD = "0.03";
const STRICT_LIMIT = "0.6";
/** How far an answer moves the clock; the edge comes when half of all were given. */
const STEP_MS = 7;
const TTL_SECONDS = 60;
const SEED = Number(process.env.SEED ?? randomInt(2 ** 31));

let ingest: TestIngest;
beforeAll(async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.parse("2026-03-08T00:00:00Z") });
  ingest = await openTestIngest();
});
afterAll(async () => {
  await ingest.close();
  vi.useRealTimers();
});

interface Call {
  id: string;
  /** When its hold was taken, ms since 1970. */
  heldMs: number;
  toldMs: number | null;
  hasHold: boolean;
  event: object;
}

/** What happened in one project. */
interface Story {
  calls: Call[];
  refused: number;
}

/** Everyone at once, over the edge: each reserves, and tells when it comes to it, or never. */
async function runOver(edgeMs: number, agent: string): Promise<Record<string, Story>> {
  const random = seededRandom(SEED);
  const asks = PROJECTS.length * AGENTS * CALLS_EACH;
  vi.setSystemTime(edgeMs - (asks / 2) * STEP_MS);
  const stories: Record<string, Story> = {};
  const runs = PROJECTS.flatMap((project) => {
    const story: Story = { calls: [], refused: 0 };
    stories[project] = story;
    return Array.from({ length: AGENTS }, async (_, n) => {
      const key = await ingest.makeKey({ scopes: ["ingest", "guard"], project });
      for (let i = 0; i < CALLS_EACH; i++) {
        // The same ids in both projects.
        const id = `${agent}/${n}/${i}`;
        const wish = { id, agent, model: "gpt-4o", estimated_cost_usd: HOLD };
        const asked = { ...wish, provider: "openai", ttl_seconds: TTL_SECONDS };
        const answer = await ingest.post(asked, { path: "/v1/reservations", key });
        vi.setSystemTime(Date.now() + STEP_MS);
        const body = answer.body as unknown as { decision: string; expires_at: string };
        const isHeld = body.decision === "allow";
        if (!isHeld) story.refused += 1;
        const end = random(8);
        // Some of those who were refused call all the same.
        if (!isHeld && end > 0) continue;
        const heldMs = isHeld ? Date.parse(body.expires_at) - TTL_SECONDS * 1000 : Date.now();
        const usage = { input_tokens: 1 + random(1_000), output_tokens: random(2_000) };
        const event = {
          id: `${id}/call`,
          timestamp: new Date(Date.now()).toISOString(),
          agent,
          provider: "openai",
          model: "gpt-4o",
          usage,
          ...(isHeld ? { reservation_id: id } : {}),
        };
        const call: Call = { id, heldMs, toldMs: null, hasHold: isHeld, event };
        story.calls.push(call);
        // The others tell when their holds are long gone.
        if (end < 6) await tell(key, call);
      }
    });
  });
  await Promise.all(runs);
  return stories;
}

async function tell(key: string, call: Call): Promise<void> {
  expect((await ingest.post(call.event, { key })).status).toBe(202);
  call.toldMs = Date.now();
}

/** Counters as they should be, of each call's cost in the ledger. */
async function sumCalls(project: (typeof PROJECTS)[number], story: Story, edgeMs: number) {
  const rows = await ingest.rows(`toString(project_id) = '${ingest.projectIds[project]}'`);
  const costs = new Map(rows.map(({ id, cost_usd }) => [id, readUsd(String(cost_usd))]));
  const sums = [0, 1].map(() => ({ spent: 0n, unreserved: 0n, held: 0n }));
  for (const call of story.calls) {
    const sum = sums[call.heldMs < edgeMs ? 0 : 1];
    if (!sum) throw new Error("no such period");
    if (call.toldMs === null) {
      sum.held += readUsd(HOLD);
      continue;
    }
    const cost = costs.get(`${call.id}/call`);
    if (cost === undefined) throw new Error(`${call.id} is in no ledger`);
    sum.spent += cost;
    if (!call.hasHold) sum.unreserved += cost;
  }
  return sums;
}

const isoOf = (period: string) => new Date(period).toISOString();

test.each(EDGES)(
  "%s, %s from %s to %s: what is held before the edge and told after it counts before, nothing passes a cap in either, and no room is refused",
  async (timeZone, window, from, edge) => {
    const edgeMs = Date.parse(edge);
    const agent = `${timeZone} ${window} ${edge}`;
    const make = (project: (typeof PROJECTS)[number], mode: "strict" | "enforce") =>
      makeBudget(ingest.postgres.db, {
        projectId: ingest.projectIds[project],
        scope: "agent",
        value: agent,
        timeZone,
        window,
        mode,
        unpriced: "block",
        limitUsd: mode === "strict" ? STRICT_LIMIT : "1000",
      });
    const made = await Promise.all(
      PROJECTS.map(async (project) => ({
        project,
        strict: await make(project, "strict"),
        enforce: await make(project, "enforce"),
      })),
    );
    const stories = await runOver(edgeMs, agent);
    const settled = async () => {
      await ingest.counters.counted();
      const rows = await ingest.postgres.db.select().from(reservations);
      return rows.filter(({ state }) => state === "held").length;
    };
    // Holds of those who told nothing run out.
    vi.setSystemTime(Date.now() + 2 * TTL_SECONDS * 1000);
    await expect.poll(settled).toBe(0);
    const check = async () => {
      for (const { project, strict, enforce } of made) {
        const story = stories[project] ?? { calls: [], refused: 0 };
        const [before, after] = await sumCalls(project, story, edgeMs);
        const counted = await readCountedBudgets(ingest.postgres, [strict.id, enforce.id]);
        for (const { row, counters } of counted) {
          const { mode } = row;
          const found = counters
            .map(({ period, spentUsd, unreservedUsd, reservedUsd }) => ({
              from: isoOf(period),
              spent: readUsd(spentUsd),
              unreserved: readUsd(unreservedUsd),
              held: readUsd(reservedUsd),
            }))
            .sort((a, b) => (a.from < b.from ? -1 : 1));
          const held = (sum?: { held: bigint }) => (mode === "strict" ? (sum?.held ?? 0n) : 0n);
          expect(found).toEqual([
            { from: isoOf(from), ...before, held: held(before) },
            { from: isoOf(edge), ...after, held: held(after) },
          ]);
          if (mode !== "strict") continue;
          for (const sum of found)
            expect(sum.spent - sum.unreserved + sum.held).toBeLessThanOrEqual(
              readUsd(STRICT_LIMIT),
            );
        }
        await expectRoom(project, agent, readUsd(STRICT_LIMIT), after);
      }
    };
    await check();
    for (const project of PROJECTS) {
      const story = stories[project];
      const key = await ingest.makeKey({ project });
      const isOverEdge = ({ heldMs, toldMs }: Call) =>
        heldMs < edgeMs && toldMs !== null && toldMs >= edgeMs;
      expect(story?.calls.some(isOverEdge)).toBe(true);
      expect(story?.refused).toBeGreaterThan(0);
      const late = story?.calls.filter(({ toldMs }) => toldMs === null) ?? [];
      expect(late.length).toBeGreaterThan(0);
      for (const call of late) await tell(key, call);
    }
    await ingest.counters.counted();
    await check();
  },
);

/** In the period that is current exactly what is left is let through. */
async function expectRoom(
  project: (typeof PROJECTS)[number],
  agent: string,
  limit: bigint,
  sum?: { spent: bigint; held: bigint },
): Promise<void> {
  const left = limit - (sum?.spent ?? 0n) - (sum?.held ?? 0n);
  const key = await ingest.makeKey({ scopes: ["guard"], project });
  const ask = async (femtoUsd: bigint) => {
    const cost = { estimated_cost_usd: formatUsd(femtoUsd) };
    const body = { agent, model: "gpt-4o", provider: "openai", ...cost };
    const answer = await ingest.post(body, { path: "/v1/reservations", key });
    return answer.body as unknown as { decision: string; reservation_id: string };
  };
  if (left <= 0n) return expect((await ask(1n)).decision).toBe("block");
  expect((await ask(left + 1n)).decision).toBe("block");
  const last = await ask(left);
  expect(last.decision).toBe("allow");
  const path = `/v1/reservations/${last.reservation_id}`;
  await ingest.post(null, { path, method: "DELETE", key });
}
