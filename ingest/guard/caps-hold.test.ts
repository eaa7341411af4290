import { randomInt } from "node:crypto";
import { expect, test } from "vitest";
import { openPostgres } from "@/db/postgres";
import { changePolicyVersion } from "@/db/queries/policy";
import { findProjectBySlug, insertProject } from "@/db/queries/projects";
import { budgets } from "@/db/schema/budgets";
import { CappedAgent, newTally, pathOf } from "@/ingest/testing/capped-agent";
import {
  expectCountersEqual,
  expectExpired,
  expectNoHeadroomRefused,
  listOpenHolds,
  readCountedBudgets,
  type Tallies,
} from "@/ingest/testing/expect-caps-held";
import { seededRandom, sendUntilAnswered } from "@/ingest/testing/guard-server";
import {
  MortalServer,
  type MortalWorld,
  openMortalWorld,
  takeStoresAway,
} from "@/ingest/testing/mortal-server";
import { openTestIngest } from "@/ingest/testing/open-ingest";
import { readUsd } from "@/lib/budgets/budget-row";
import { createLog } from "@/lib/log";
import { hasPostgres15 } from "@/lib/testing/start-postgres-15";

const AGENTS = 1_000;
const CALLS_EACH = process.env.SOAK ? 12 : 1;
const KILLS = process.env.SOAK ? 20 : 2;
/** Printed with a failure; set it to see the same choices again. */
const SEED = Number(process.env.SEED ?? randomInt(2 ** 31));
const log = createLog("silent");
const PROJECTS = ["default", "other"] as const;
type ProjectIds = Record<(typeof PROJECTS)[number], string>;

type BudgetInput = typeof budgets.$inferInsert;
const STRICT = {
  name: "a cap",
  timeZone: "UTC",
  window: "month",
  mode: "strict",
  action: "block",
  unpriced: "block",
  createdBy: "a test",
  // Made before anything was spent: there is nothing to be summed first.
  generation: 1,
} as const;

/** What is spent in the end is far above each of these, where nothing holds. */
const ONE = ({ default: projectId }: ProjectIds): BudgetInput[] => [
  { ...STRICT, projectId, scope: "project", limitUsd: "40" },
];
const FIVE = ({ default: projectId, other }: ProjectIds): BudgetInput[] => [
  { ...STRICT, projectId: null, scope: "global", limitUsd: "60", timeZone: "Asia/Kathmandu" },
  { ...STRICT, projectId, scope: "project", limitUsd: "50", timeZone: "America/New_York" },
  { ...STRICT, projectId, scope: "agent", value: "*", limitUsd: "3.5" },
  {
    ...STRICT,
    projectId,
    scope: "feature",
    value: "f-1",
    limitUsd: "12",
    limitTokens: 40_000_000n,
  },
  { ...STRICT, projectId, scope: "session", value: "*", window: "session", limitCalls: 20n },
  // Beside them one of each other mode, and one of the project with the same names.
  { ...STRICT, projectId, scope: "feature", value: "f-2", mode: "enforce", limitUsd: "4" },
  { ...STRICT, projectId, scope: "user", value: "*", mode: "observe", limitUsd: "0.5" },
  { ...STRICT, projectId: other, scope: "project", limitUsd: "6" },
];

/** Makes the projects and their budgets, before a process looks for them. */
async function makeBudgets(world: MortalWorld, make: (ids: ProjectIds) => BudgetInput[]) {
  const { databaseUrl, dir } = world;
  const postgres = await openPostgres({ databaseUrl, dataDir: dir, log });
  const idOf = async (slug: string) => {
    const known = await findProjectBySlug(postgres.db, slug);
    const project = known ?? (await insertProject(postgres.db, { slug, name: slug }));
    if (!project) throw new Error("no project");
    return project.id;
  };
  try {
    const ids = { default: await idOf("default"), other: await idOf("other") };
    const rows = await postgres.db.transaction(async (tx) => {
      await changePolicyVersion(tx);
      return tx.insert(budgets).values(make(ids)).returning();
    });
    return rows.map(({ id }) => id);
  } finally {
    await postgres.close();
  }
}

/** A hold that stays: agents of the other project name it by mistake. */
async function holdTheirs(server: MortalServer, tallies: Tallies): Promise<string> {
  const tags = { agent: "theirs" };
  const usage = { input_tokens: 1_000, max_output_tokens: 100 };
  const body = {
    id: "theirs",
    ...tags,
    model: "gpt-4o",
    estimated_usage: usage,
    ttl_seconds: 3_600,
  };
  const answer = await sendUntilAnswered(server.reach("other"), "POST", "/v1/reservations", {
    ...body,
    provider: "openai",
  });
  const { reserved_usd, decision } = JSON.parse(answer.text);
  expect(decision).toBe("allow");
  const femtoUsd = reserved_usd === null ? null : readUsd(reserved_usd);
  tallies.other.abandoned.push({ id: "theirs", tags, femtoUsd, tokens: 1_100 });
  return "theirs";
}

/** A thousand agents at once, a fifth of them in another project under the names of others; `during` happens to them. */
async function runAgents(
  server: MortalServer,
  foreignId: string,
  tallies: Tallies,
  during: (progress: () => number) => Promise<void>,
): Promise<void> {
  const random = seededRandom(SEED);
  let calls = 0;
  const agents = Array.from({ length: AGENTS }, async (_, n) => {
    const isOther = n % 5 === 4;
    const twin = isOther ? n - 1 : n;
    const tags = {
      agent: `agent-${twin % 25}`,
      feature: `f-${twin % 4}`,
      user: `u-${twin % 100}`,
      session: `s-${twin % 80}`,
    };
    const project = isOther ? "other" : "default";
    const agent = new CappedAgent({
      seed: random(2 ** 31),
      name: `a-${twin}`,
      tags,
      tally: tallies[project],
      foreignId: isOther ? "nobody's" : foreignId,
    });
    for (let i = 0; i < CALLS_EACH; i++) {
      await agent.call(server.reach(project));
      calls += 1;
    }
  });
  await Promise.all([...agents, during(() => calls)]);
}

/** Opens what is left in this process, lets it count and expire, and holds it against the ledger and the limits. */
async function expectCapsHeld(world: MortalWorld, ids: string[], tallies: Tallies, theirs: string) {
  const { dir, databaseUrl, clickhouseUrl } = world;
  const postgres = await openPostgres({ databaseUrl, dataDir: dir, log });
  const ingest = await openTestIngest({ dir, postgres, clickhouseUrl });
  const keys = {
    default: await ingest.makeKey({ scopes: ["ingest", "guard"] }),
    other: await ingest.makeKey({ scopes: ["ingest", "guard"], project: "other" }),
  };
  const expectRight = async () => {
    await Promise.all([ingest.calls.drained(), ingest.counters.counted()]);
    const counted = await readCountedBudgets(postgres, ids);
    await expectCountersEqual(ingest, counted, tallies);
    // Of an agent that is new; of a feature that is capped too; and in no session.
    for (const tags of [
      { agent: "last" },
      { agent: "last", feature: "f-1" },
      { agent: "last", feature: "f-2" },
    ])
      await expectNoHeadroomRefused(ingest, counted, tags);
  };
  try {
    await Promise.all([ingest.calls.drained(), ingest.counters.counted()]);
    await expectExpired(ingest, tallies, [theirs]);
    await expectRight();
    for (const project of PROJECTS) {
      const { late, events } = tallies[project];
      for (const { event } of late) {
        expect((await ingest.post(event, { key: keys[project] })).status).toBe(202);
        events.add(event.id);
      }
    }
    await expectRight();
    for (const { project, id } of await listOpenHolds(ingest, tallies)) {
      const given = { path: pathOf(id), method: "DELETE", key: keys[project] };
      expect((await ingest.post(null, given)).status).toBe(200);
    }
    for (const tally of Object.values(tallies))
      Object.assign(tally, { abandoned: [], unheard: [] });
    await expectRight();
    for (const project of PROJECTS) {
      const stored = await ingest.rows(`toString(project_id) = '${ingest.projectIds[project]}'`);
      expect(new Set(stored.map(({ id }) => id))).toEqual(tallies[project].events);
    }
  } finally {
    await ingest.close();
  }
}

const BUDGETS = [
  { pair: "embedded", count: "five overlapping ones", make: FIVE },
  { pair: "servers", count: "one strict budget", make: ONE },
  // In a run of everything each is tried on one pair of stores: nearly a minute each.
  { pair: "embedded", count: "one strict budget", make: ONE },
  { pair: "servers", count: "five overlapping ones", make: FIVE },
] as const;
const isLong = process.env.SOAK !== undefined || !hasPostgres15;
const TRIED = BUDGETS.slice(0, isLong ? BUDGETS.length : 2).filter(
  ({ pair }) => pair === "embedded" || hasPostgres15,
);
const PATIENCE = { timeout: 600_000, interval: 20 };

test.each(TRIED)(
  `${AGENTS} agents at once against $count ($pair), agents that die, holds that expire, ${KILLS} times kill -9 and stores away: nothing over the cap, nothing refused with headroom left, counters equal the ledger`,
  async ({ pair, make }) => {
    const world = await openMortalWorld(pair);
    let server: MortalServer | null = null;
    try {
      const ids = await makeBudgets(world, make);
      const mortal = new MortalServer(world);
      server = mortal;
      const tallies: Tallies = { default: newTally(), other: newTally() };
      const theirs = await holdTheirs(mortal, tallies);
      await runAgents(mortal, theirs, tallies, async (progress) => {
        const all = AGENTS * CALLS_EACH;
        for (let kill = 1; kill <= KILLS; kill++) {
          const at = (all * kill) / (KILLS + 1);
          await expect.poll(progress, PATIENCE).toBeGreaterThanOrEqual(at);
          await mortal.die();
          await takeStoresAway(world, mortal.reach("default"), kill);
        }
      });
      await mortal.end();
      const { allowed, refused, abandoned, late } = tallies.default;
      for (const count of [allowed, refused, abandoned.length, late.length])
        expect(count).toBeGreaterThan(0);
      await expectCapsHeld(world, ids, tallies, theirs);
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      throw new Error(`SEED=${SEED}\n${text}`, { cause: error });
    } finally {
      await server?.end();
      await world.close();
    }
  },
  process.env.SOAK ? 7_200_000 : 1_200_000,
);
