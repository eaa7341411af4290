import { afterAll, beforeAll, expect, test } from "vitest";
import { insertLinkBatch, listLinkBatches } from "@/db/queries/link-batches";
import {
  countersOf,
  openTestCorrections,
  sumsOf,
  type TestCorrections,
  withFault,
} from "@/lib/corrections/testing/open-test-corrections";
import type { LinkChange } from "@/lib/traces/link-change";
import { settleLinkBatch } from "@/lib/traces/settle-link-batch";

let kit: TestCorrections;
const NOON = Date.parse("2026-11-10T12:00:00Z");
beforeAll(async () => {
  kit = await openTestCorrections();
  await kit.job.close();
});
afterAll(() => kit.close());

const TAGS = {
  agent: "planner",
  task: "",
  task_type: "",
  feature: "search",
  user: "",
  session: "",
};

test.each([
  ["rows", "before"],
  ["rows", "after"],
  ["changes", "after"],
  ["transaction", "before"],
  ["transaction", "after"],
] as const)(
  "a batch of links that is cut at its %s, %s it, moves the counters once",
  async (step, when) => {
    const project = await kit.makeProject();
    const [call] = await kit.send(project, [
      { id: "otlp:a:1", atMs: NOON, cost_usd: "0.5" },
      { id: "otlp:a:2", atMs: NOON, cost_usd: "0.25" },
    ]);
    const bucket = call?.bucket ?? 0;
    const linked = { ...TAGS, session: "s", linked_id: "otlp:a:2", metadata: {}, attempt: 0 };
    const changes: LinkChange[] = [
      {
        kind: "revise",
        bucket,
        id: "otlp:a:1",
        revision: 0,
        before: { ...TAGS, counted: true },
        counted: false,
        linked: { ...linked, missing_tags: [], sent_tags: {} },
      },
    ];
    const batch = await insertLinkBatch(kit.db, { projectId: project.id, changes });
    const faulty = withFault(kit.runtime, (at, side) => at === step && side === when);
    const settle = ({ clickhouse, postgres }: typeof faulty, number: number) =>
      settleLinkBatch({ clickhouse, db: postgres.db, change: { writer: "7", number } }, batch);
    await expect(settle(faulty, 1)).rejects.toThrow("cut");
    for (let time = 2; time < 4; time++) await settle(kit.runtime, time);
    const left = { events: 1, costUsd: "0.25", unknownCosts: 0 };
    expect(await countersOf(kit.db, project)).toEqual(left);
    expect(await sumsOf(kit.clickhouse, project)).toEqual(left);
    expect(await listLinkBatches(kit.db)).toEqual([]);
  },
);
