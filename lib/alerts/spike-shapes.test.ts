import fs from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { judgeShapes, tableIn, writeShapesTable } from "@/lib/alerts/testing/tabulate-shapes";

const PAGE = path.join(process.cwd(), "docs/alerts.md");

const results = judgeShapes();
const of = (name: string) => results.find((result) => result.name === name);

test("every runaway of the recorded shapes is found, by day within a quarter of an hour", () => {
  const found = results.filter(({ foundAfterMinutes }) => foundAfterMinutes !== undefined);
  expect(found.map(({ name }) => name)).toEqual([
    "runaway by day",
    "runaway at night",
    "slow runaway",
  ]);
  expect(of("runaway by day")?.foundAfterMinutes).toBeLessThanOrEqual(15);
  for (const { foundAfterMinutes } of found) expect(foundAfterMinutes).not.toBeNull();
});

test("from the third week on nothing is told of a weekday, a deploy, an outage, a nightly batch and a weekly report", () => {
  for (const name of ["flat", "weekday", "deploy", "outage", "nightly batch", "weekly report"]) {
    expect(of(name)?.falseByWeek.slice(2), name).toEqual([0, 0]);
  }
});

test("the rhythm of days and weeks never adds a false alarm", () => {
  const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);
  for (const { name, falseByWeek, falseWithoutRhythm } of results) {
    expect(sum(falseByWeek), name).toBeLessThanOrEqual(sum(falseWithoutRhythm));
  }
});

test("the page shows what the rule does on the recorded shapes", () => {
  // npx tsx scripts/write-spike-shapes.ts writes it.
  expect(tableIn(fs.readFileSync(PAGE, "utf8")).table).toBe(writeShapesTable(results));
});
