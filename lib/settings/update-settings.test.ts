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
    coverage_tags: null,
  });
  const actor = await makeUser(db, "admin");
  await updateSettings({ actor, db, requestId: null }, input);
  expect(await getSettings(db, { timeZone: "Europe/Berlin" })).toEqual({
    ...input,
    coverage_tags: null,
  });
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

test("tags that costs are to carry are kept until others are given, and null gives the choice back", async () => {
  const { db } = runtime.postgres;
  const context = { actor: await makeUser(db, "admin"), db, requestId: null };
  const tagsOf = async () => (await getSettings(db, { timeZone: "UTC" })).coverage_tags;
  const coverage_tags = ["metadata.team", "feature"];
  await updateSettings(context, { ...input, coverage_tags });
  expect(await tagsOf()).toEqual(coverage_tags);
  expect(await updateSettings(context, input)).toEqual({ ...input, coverage_tags });
  expect(await tagsOf()).toEqual(coverage_tags);
  await updateSettings(context, { ...input, coverage_tags: null });
  expect(await tagsOf()).toBeNull();
});

test("a tag is one of the five or a metadata key, at most four and each once", () => {
  const isKnown = (coverage_tags: unknown) =>
    updateSettingsSchema.safeParse({ ...input, coverage_tags }).success;
  expect([["user"], ["metadata.cost centre"], null, undefined].every(isKnown)).toBe(true);
  const wrong = [[], ["model"], ["metadata."], ["user", "user"], ["a", "b", "c", "d", "e"], "user"];
  expect(wrong.filter(isKnown)).toEqual([]);
});
