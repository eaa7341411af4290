import { afterAll, beforeAll, expect, test } from "vitest";
import { putAlertRuleSchema } from "@/lib/alerts/alert-rule-schemas";
import { DEFAULT_RULES, RULE_KINDS } from "@/lib/alerts/alert-rules";
import { listAlertRules } from "@/lib/alerts/list-alert-rules";
import { createAlertRuleHolder, readAlertRules } from "@/lib/alerts/read-alert-rules";
import { setAlertRule } from "@/lib/alerts/set-alert-rule";
import type { Actor } from "@/lib/auth/actor";
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

const as = (actor: Actor) => ({ actor, db: runtime.postgres.db, requestId: "r-1" });
const spike = (given: object = {}) =>
  putAlertRuleSchema.parse({
    kind: "spike",
    enabled: true,
    floor_usd: "2.5",
    audience: ["finance"],
    options: { multiple: 4.25 },
    ...given,
  });

test("setting a rule refuses everybody but an admin, and one project's admin the rule of all", async () => {
  const { db } = runtime.postgres;
  const project = await makeProject(db);
  const refused = { code: "forbidden" };
  for (const role of ["viewer", "finance", "engineer"] as const) {
    const context = as(await makeUser(db, role, project.id));
    const wanted = spike({ project: project.slug });
    await expect(setAlertRule(context, wanted)).rejects.toMatchObject(refused);
  }
  const admin = as(await makeUser(db, "admin", project.id));
  await expect(setAlertRule(admin, spike())).rejects.toMatchObject(refused);
  const elsewhere = spike({ project: (await makeProject(db)).slug });
  await expect(setAlertRule(admin, elsewhere)).rejects.toMatchObject({ code: "not_found" });
  const { rules } = await listAlertRules(db, [project]);
  expect(rules.map(({ kind, is_default }) => [kind, is_default])).toEqual(
    RULE_KINDS.map((kind) => [kind, true]),
  );
});

test("a project's own rule counts before that of all, which counts before the default; and it can be taken back", async () => {
  const { db } = runtime.postgres;
  const [own, other] = [await makeProject(db), await makeProject(db)];
  const admin = as(await makeUser(db, "admin"));
  const rule = async (projectId: string | null) =>
    (await readAlertRules(db)).ruleFor("spike", projectId);
  expect(await rule(own.id)).toEqual(DEFAULT_RULES.spike);
  await setAlertRule(admin, spike());
  await setAlertRule(admin, spike({ project: own.slug, enabled: false }));
  expect(await rule(own.id)).toMatchObject({ enabled: false });
  expect(await rule(other.id)).toMatchObject({
    enabled: true,
    floorUsd: "2.500000000000000",
    audience: ["finance"],
    options: { multiple: 4.25 },
  });
  expect((await listAlertRules(db, [own])).rules.filter(({ is_default }) => !is_default)).toEqual([
    expect.objectContaining({ kind: "spike", project: null, floor_usd: "2.5" }),
    expect.objectContaining({ kind: "spike", project: own.slug, enabled: false }),
  ]);
  const reset = (project: string | null) =>
    putAlertRuleSchema.parse({ kind: "spike", project, use_default: true });
  await setAlertRule(admin, reset(own.slug));
  expect(await rule(own.id)).toMatchObject({ enabled: true, floorUsd: "2.500000000000000" });
  expect(await setAlertRule(admin, reset(null))).toMatchObject({
    is_default: true,
    floor_usd: "1",
  });
  expect(await rule(own.id)).toEqual(DEFAULT_RULES.spike);
});

test("each change of a rule leaves an audit row, and setting what holds already leaves none", async () => {
  const { db } = runtime.postgres;
  const project = await makeProject(db);
  const context = as(await makeUser(db, "admin", project.id));
  await setAlertRule(context, spike({ project: project.slug }));
  await setAlertRule(context, spike({ project: project.slug }));
  const own = (await auditOf(db, "spike")).filter((row) => row.projectId === project.id);
  expect(own).toHaveLength(1);
  expect(own[0]).toMatchObject({
    before: { is_default: true, floor_usd: "1" },
    after: { is_default: false, floor_usd: "2.5", options: { multiple: 4.25 } },
  });
});

test.each([
  ["options of another kind", { options: { minutes: 5 } }],
  ["no options", { options: {} }],
  ["a negative floor", { floor_usd: "-1" }],
  ["a floor that is a number", { floor_usd: 1 }],
  ["nobody to tell", { audience: [] }],
  ["somebody unknown", { audience: ["boss"] }],
  ["a multiple of a thousandth", { options: { multiple: 3.001 } }],
  ["a kind that belongs to budgets", { kind: "threshold" }],
  ["an unknown name", { colour: "red" }],
  ["a rule and its end at once", { use_default: true }],
])("%s is refused", (_, given) => {
  expect(() => spike(given)).toThrow();
});

test("a fault of a rule is told with its own path", () => {
  const pathsOf = (body: unknown) =>
    putAlertRuleSchema.safeParse(body).error?.issues.map(({ path }) => path.join("."));
  expect(pathsOf({})).toEqual(["kind"]);
  expect(pathsOf({ kind: "spike", use_default: false })).toContain("enabled");
});

test("two who set one rule at once leave one", async () => {
  const { db } = runtime.postgres;
  const project = await makeProject(db);
  const context = as(await makeUser(db, "admin"));
  const wanted = [1, 2, 3, 4].map((floor) =>
    spike({ project: project.slug, floor_usd: String(floor) }),
  );
  await Promise.all(wanted.map((one) => setAlertRule(context, one)));
  const { rules } = await listAlertRules(db, [project]);
  expect(rules.filter((rule) => rule.project === project.slug)).toHaveLength(1);
});

test("a holder reads again after five seconds and not before", async () => {
  const { db } = runtime.postgres;
  const project = await makeProject(db);
  let nowMs = 0;
  const holder = createAlertRuleHolder(() => nowMs);
  const enabled = async () => (await holder.read(db)).ruleFor("spike", project.id).enabled;
  expect(await enabled()).toBe(true);
  await setAlertRule(
    as(await makeUser(db, "admin")),
    spike({ project: project.slug, enabled: false }),
  );
  nowMs = 4_999;
  expect(await enabled()).toBe(true);
  nowMs = 5_000;
  expect(await enabled()).toBe(false);
});
