import { expect, test } from "vitest";
import { listVersions, prepareHealth } from "@/components/health/prepare-health";
import type { HealthAnswer } from "@/lib/health/health-schemas";

const unknown = { known: false as const, reason: "It sleeps." };
const HEALTH: HealthAnswer = {
  at: "2026-11-20T10:30:30.000Z",
  readiness: {
    known: true,
    ready: true,
    degraded: false,
    clickhouse: true,
    postgres: true,
    faults: [],
  },
  received: {
    known: true,
    from: "2026-11-20T09:30:00.000Z",
    to: "2026-11-20T10:30:00.000Z",
    events: 90,
    minutes: Array.from({ length: 60 }, () => 0),
  },
  backlog: { known: true, events: 0, bytes: 0, oldest_seconds: 0, fresh_to: null },
  rejected: {
    known: true,
    since: "2026-11-20T00:00:00.000Z",
    rejected: 1,
    conflict: 2,
    poisoned: 0,
  },
  disk: {
    known: true,
    folder: "/data",
    used_bytes: 2048,
    parts: [{ name: "spool", bytes: 2048 }],
    free_bytes: 50,
    total_bytes: 100,
    spool_max_bytes: 1024,
  },
  rollups: { known: true, behind: 0, oldest: null },
  integrity: {
    known: true,
    checked_at: "2026-11-20T09:00:00.000Z",
    days: 3,
    different: 0,
    moving: 1,
    last_full_run: null,
  },
  versions: {
    outlay: "0.1.0",
    node: "20.0.0",
    role: "all",
    clickhouse: { known: true, version: "26.7", kind: "embedded" },
    postgres: unknown,
  },
};
const clock = (at: string) => at.slice(11, 16);
const factOf = (title: string, health = HEALTH) =>
  prepareHealth(health, clock).find((fact) => fact.title === title);

test("a healthy installation has no fact that wants attention", () => {
  const facts = prepareHealth(HEALTH, clock);
  expect(facts.map(({ isUnwell }) => isUnwell)).toEqual(facts.map(() => false));
  expect(facts.map(({ value }) => value)).toEqual([
    "1.5",
    "0 events",
    "3 events",
    "50 B free",
    "Up to date",
    "The numbers agree",
  ]);
});

test("a part that is not known shows no figure, and its reason", () => {
  const parts = ["received", "backlog", "rejected", "disk", "rollups", "integrity"];
  const none = { ...HEALTH, ...Object.fromEntries(parts.map((part) => [part, unknown])) };
  for (const fact of prepareHealth(none, clock)) {
    expect(fact).toMatchObject({ value: null, notes: ["It sleeps."], isUnwell: true });
  }
  expect(listVersions(HEALTH).at(-1)).toEqual({
    name: "PostgreSQL",
    version: null,
    note: "It sleeps.",
  });
});

test("few events are not none", () => {
  const received = { ...HEALTH.received, events: 1 } as HealthAnswer["received"];
  expect(factOf("Events a minute", { ...HEALTH, received })?.value).toBe("<0.1");
});

test("what wants attention says so: an old backlog, a poisoned event, a full disk, a difference", () => {
  const changes: Partial<HealthAnswer> = {
    backlog: { known: true, events: 9, bytes: 900, oldest_seconds: 61, fresh_to: null },
    rejected: { ...HEALTH.rejected, poisoned: 1 } as HealthAnswer["rejected"],
    disk: { ...HEALTH.disk, free_bytes: 9 } as HealthAnswer["disk"],
    integrity: { ...HEALTH.integrity, different: 1 } as HealthAnswer["integrity"],
  };
  const unwell = prepareHealth({ ...HEALTH, ...changes }, clock).filter((fact) => fact.isUnwell);
  expect(unwell.map(({ title }) => title)).toEqual([
    "Backlog",
    "Did not count today",
    "Disk",
    "Integrity",
  ]);
});
