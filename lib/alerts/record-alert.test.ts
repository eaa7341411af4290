import { afterAll, beforeAll, expect, test } from "vitest";
import type { Postgres } from "@/db/postgres";
import { findAlertRow } from "@/db/queries/alerts";
import type { NewAlert } from "@/lib/alerts/alert";
import { readAlertRow } from "@/lib/alerts/alert-row";
import { recordAlerts } from "@/lib/alerts/record-alert";
import { openTestPostgres } from "@/lib/testing/open-test-postgres";

let postgres: Postgres;
beforeAll(async () => {
  postgres = await openTestPostgres();
});
afterAll(() => postgres.close());

const spike = (key: string): NewAlert => ({
  key,
  subject: "spike:agent:crawler",
  projectId: null,
  budgetId: null,
  value: "crawler",
  period: null,
  percent: 70.25,
  limitRevision: null,
  action: null,
  audience: ["finance", "lead"],
  notify: [],
  facts: {
    kind: "spike",
    dimension: "agent",
    value: "crawler",
    from: "2026-07-01T10:00:00.000Z",
    to: "2026-07-01T11:00:00.000Z",
    usd: "12.5",
    usual_usd: "1.000000000000001",
    multiple: 12.5,
    weekly_usd: null,
  },
  openedAt: new Date("2026-07-01T11:00:03.000Z"),
});

test("an alert is recorded once, in one statement, in two, and by many at once in any order", async () => {
  const { db } = postgres;
  const [first, again] = [spike("a"), spike("a")];
  expect(await recordAlerts(db, [first, again])).toHaveLength(1);
  expect(await recordAlerts(db, [first])).toEqual([]);
  const keys = Array.from({ length: 1_500 }, (_, i) => `k${i}`);
  const recorders = Array.from({ length: 8 }, (_, i) =>
    db.transaction((tx) => recordAlerts(tx, (i % 2 === 0 ? keys : keys.toReversed()).map(spike))),
  );
  const added = (await Promise.all(recorders)).flat();
  expect(added.map(({ key }) => key).sort()).toEqual(keys.toSorted());
});

test("an alert that was recorded in a transaction that failed is new again", async () => {
  const { db } = postgres;
  const failing = db.transaction(async (tx) => {
    expect(await recordAlerts(tx, [spike("failed")])).toHaveLength(1);
    throw new Error("the count failed");
  });
  await expect(failing).rejects.toThrow("the count failed");
  expect(await recordAlerts(db, [spike("failed")])).toHaveLength(1);
});

test("an alert is read as it was recorded", async () => {
  const { db } = postgres;
  const [made] = await recordAlerts(db, [spike("read")]);
  const row = await findAlertRow(db, made?.id ?? "");
  expect(row && readAlertRow(row)).toEqual(made);
  expect(made).toMatchObject({ ...spike("read"), audience: ["lead", "finance"], toldAt: null });
});
