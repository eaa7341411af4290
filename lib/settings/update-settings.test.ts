import { afterAll, beforeAll, expect, test } from "vitest";
import { getSettings } from "@/lib/settings/get-settings";
import { updateSettingsSchema } from "@/lib/settings/settings-schemas";
import { updateSettings } from "@/lib/settings/update-settings";
import { auditOf } from "@/lib/testing/audit-of";
import {
  makeProject,
  makeUser,
  openTestRuntime,
  type TestRuntime,
} from "@/lib/testing/test-runtime";

let runtime: TestRuntime;
beforeAll(async () => {
  runtime = await openTestRuntime();
});
afterAll(() => runtime.close());
const input = { organisation_name: "Engines", time_zone: "Asia/Kathmandu" };

test("settings are an admin's of every project; everybody else is refused", async () => {
  const { db } = runtime.postgres;
  const project = await makeProject(db);
  const refused = [
    await makeUser(db, "viewer"),
    await makeUser(db, "finance"),
    await makeUser(db, "engineer"),
    await makeUser(db, "admin", project.id),
  ];
  for (const actor of refused)
    await expect(updateSettings({ actor, db, requestId: null }, input)).rejects.toMatchObject({
      code: "forbidden",
    });
  expect(await getSettings(db, { timeZone: "Europe/Berlin" })).toEqual({
    organisation_name: "",
    time_zone: "Europe/Berlin",
  });
  const actor = await makeUser(db, "admin");
  await updateSettings({ actor, db, requestId: null }, input);
  expect(await getSettings(db, { timeZone: "Europe/Berlin" })).toEqual(input);
  expect(await auditOf(db, "organisation")).toMatchObject([
    { action: "settings.update", before: { time_zone: null }, after: input },
  ]);
});

test("a zone has a name: an offset knows no daylight saving time", () => {
  const isZone = (time_zone: string) =>
    updateSettingsSchema.safeParse({ ...input, time_zone }).success;
  expect(["UTC", "Europe/Berlin", "America/Argentina/Ushuaia"].filter(isZone)).toHaveLength(3);
  expect(["", "+02:00", "Nowhere/Land", "Europe/Berlin; drop table"].filter(isZone)).toEqual([]);
});
