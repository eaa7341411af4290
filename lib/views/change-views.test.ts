import { sql } from "drizzle-orm";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Actor } from "@/lib/auth/actor";
import { COMPARISON_IDS } from "@/lib/comparison-range";
import { auditOf } from "@/lib/testing/audit-of";
import {
  makeKey,
  makeProject,
  makeUser,
  openTestRuntime,
  type TestRuntime,
} from "@/lib/testing/test-runtime";
import { testPostgresUrl } from "@/lib/testing/test-stores";
import { INTERVALS, RANGE_IDS } from "@/lib/time-range";
import { createView } from "@/lib/views/create-view";
import { deleteView } from "@/lib/views/delete-view";
import { listViews } from "@/lib/views/list-views";
import { toViewQuery } from "@/lib/views/screen-params";
import { updateView } from "@/lib/views/update-view";

let runtime: TestRuntime;
beforeAll(async () => {
  runtime = await openTestRuntime();
});
afterAll(() => runtime.close());

const as = (actor: Actor) => ({ actor, db: runtime.postgres.db, requestId: "r-1" });
const input = { name: "Daily", screen: "explore" as const, query: "range=7d", shared: false };
const refused = { code: "forbidden" };
const missing = { code: "not_found", message: "There is no such view." };

test("any view opens as it was saved: the same parameters and values, a relative range as such", async () => {
  const { db } = runtime.postgres;
  const project = await makeProject(db);
  const user = as(await makeUser(db, "viewer", project.id));
  const filter = fc
    .tuple(
      fc.constantFrom("feature", "model", "metadata.a%3Ab%25", "trace_id"),
      fc.oneof(fc.string({ maxLength: 20 }), fc.constantFrom("", "a:b", "50%", "&=+ #", "😀")),
    )
    .map(([name, value]) => `${name}:${value}`);
  const params = fc.record(
    {
      project: fc.constantFrom("*", project.slug),
      range: fc.constantFrom(...RANGE_IDS),
      from: fc.constantFrom("2026-11-01", "2026-11-01T14:00"),
      filter: fc.array(filter, { maxLength: 4 }),
      group: fc.constantFrom("feature", "metadata.team"),
      group2: fc.constantFrom("model"),
      metric: fc.constantFrom("cost", "p95"),
      bin: fc.constantFrom(...INTERVALS),
      sort: fc.constantFrom("-cost", "share"),
      compare: fc.constantFrom(...COMPARISON_IDS),
      weekday: fc.constantFrom("true"),
      cols: fc.constantFrom("cost,calls"),
    },
    { requiredKeys: [] },
  );
  let number = 0;
  await fc.assert(
    fc.asyncProperty(params, async (values) => {
      number += 1;
      const search = new URLSearchParams();
      for (const [name, value] of Object.entries(values)) {
        for (const one of [value].flat()) search.append(name, one);
      }
      const name = `view ${number}`;
      const made = await createView(user, { ...input, name, query: `?${search}` });
      const { views } = await listViews(user, [project]);
      const found = views.find(({ id }) => id === made.id);
      expect(found).toEqual(made);
      // All projects is what an address without a project means.
      if (values.project === "*") search.delete("project");
      const opened = new URLSearchParams(found?.query);
      const keys = new Set([...search.keys(), ...opened.keys()]);
      for (const key of keys) expect(opened.getAll(key)).toEqual(search.getAll(key));
      expect(found?.query).toBe(toViewQuery("explore", search));
      expect(found).toMatchObject({ name, is_own: true, can_change: true, shared: false });
      await deleteView(user, made.id);
    }),
    { numRuns: 40 },
  );
  expect((await listViews(user, [project])).views).toEqual([]);
});

test("a parameter that the screen does not know, or cannot mean, is named and nothing is saved", async () => {
  const { db } = runtime.postgres;
  const user = as(await makeUser(db, "admin"));
  const faultsOf = async (screen: "explore" | "calls", query: string) => {
    const error: unknown = await createView(user, { ...input, screen, query }).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({ code: "unprocessable" });
    return (error as { errors: { path: string }[] }).errors.map(({ path }) => path);
  };
  expect(await faultsOf("explore", "range=7days&colour=red&filter=colour:red")).toEqual([
    "query.range",
    "query.colour",
    "query.filter",
  ]);
  expect(await faultsOf("calls", "group=feature")).toEqual(["query.group"]);
  expect(await faultsOf("explore", "group=feature&group=model")).toEqual(["query.group"]);
  expect(await faultsOf("explore", "from=yesterday&metric=<b>")).toEqual([
    "query.from",
    "query.metric",
  ]);
  await expect(
    createView(user, { ...input, query: "project=no-such-project" }),
  ).rejects.toMatchObject({ code: "not_found" });
  expect((await listViews(user, [])).views).toEqual([]);
});

test("a private view is nobody else's, an admin's neither; a shared one is of those who see its project", async () => {
  const { db } = runtime.postgres;
  const [own, foreign] = [await makeProject(db), await makeProject(db)];
  const engineer = as(await makeUser(db, "engineer", own.id));
  const admin = as(await makeUser(db, "admin"));
  const stranger = as(await makeUser(db, "admin", foreign.id));
  const query = `project=${own.slug}&range=month`;
  const hidden = await createView(engineer, { ...input, query });
  const shown = await createView(engineer, { ...input, name: "Month", query, shared: true });
  const idsOf = async (context: ReturnType<typeof as>, project: { id: string }) =>
    (await listViews(context, [project])).views.map(({ id }) => id);
  expect(await idsOf(engineer, own)).toEqual([hidden.id, shown.id]);
  expect(await idsOf(admin, own)).toEqual([shown.id]);
  expect(await idsOf(stranger, foreign)).toEqual([]);
  await expect(deleteView(admin, hidden.id)).rejects.toMatchObject(missing);
  await expect(deleteView(stranger, shown.id)).rejects.toMatchObject(missing);
  const taken = await updateView(engineer, shown.id, { shared: false });
  expect(taken.shared).toBe(false);
  expect(await idsOf(admin, own)).toEqual([]);
});

test("a viewer saves views of their own, shares none, and changes nobody else's", async () => {
  const { db } = runtime.postgres;
  const project = await makeProject(db);
  const viewer = as(await makeUser(db, "viewer", project.id));
  const query = `project=${project.slug}`;
  const own = await createView(viewer, { ...input, query });
  expect((await updateView(viewer, own.id, { name: "Mine", query: "range=30d" })).name).toBe(
    "Mine",
  );
  await expect(
    createView(viewer, { ...input, name: "All", query, shared: true }),
  ).rejects.toMatchObject(refused);
  await expect(updateView(viewer, own.id, { shared: true })).rejects.toMatchObject(refused);
  const finance = as(await makeUser(db, "finance", project.id));
  const shared = await createView(finance, { ...input, query, shared: true });
  const { views } = await listViews(viewer, [project]);
  expect(views.find(({ id }) => id === shared.id)).toMatchObject({
    is_own: false,
    can_change: false,
    author: "A finance",
  });
  await expect(updateView(viewer, shared.id, { name: "x" })).rejects.toMatchObject(refused);
  await expect(deleteView(viewer, shared.id)).rejects.toMatchObject(refused);
  const admin = as(await makeUser(db, "admin", project.id));
  expect((await updateView(admin, shared.id, { name: "Renamed" })).name).toBe("Renamed");
  await deleteView(admin, shared.id);
});

test("what everybody finds takes the right in every project it is found in", async () => {
  const { db } = runtime.postgres;
  const project = await makeProject(db);
  const local = as(await makeUser(db, "admin", project.id));
  await expect(createView(local, { ...input, shared: true })).rejects.toMatchObject(refused);
  const own = await createView(local, {
    ...input,
    query: `project=${project.slug}`,
    shared: true,
  });
  await expect(updateView(local, own.id, { query: "range=7d" })).rejects.toMatchObject(refused);
  const everywhere = as(await makeUser(db, "admin"));
  const made = await createView(everywhere, { ...input, name: "Everywhere", shared: true });
  await deleteView(everywhere, made.id);
});

test("a name is its owner's only once, whatever its case; another person's does not matter", async () => {
  const { db } = runtime.postgres;
  const [one, two] = [as(await makeUser(db, "viewer")), as(await makeUser(db, "viewer"))];
  const first = await createView(one, input);
  const taken = { code: "conflict", errors: [{ path: "name", message: "is taken" }] };
  await expect(createView(one, { ...input, name: "DAILY" })).rejects.toMatchObject(taken);
  const other = await createView(one, { ...input, name: "Weekly" });
  await expect(updateView(one, other.id, { name: "daily" })).rejects.toMatchObject(taken);
  expect((await updateView(one, first.id, { name: "DAILY" })).name).toBe("DAILY");
  await createView(two, input);
});

test("a key shares views and keeps none for itself; one that only reads saves none", async () => {
  const { db } = runtime.postgres;
  const project = await makeProject(db);
  const key = as(await makeKey(db, { scopes: ["admin"], projectId: project.id }));
  const query = `project=${project.slug}`;
  await expect(createView(key, { ...input, query })).rejects.toMatchObject({
    code: "unprocessable",
  });
  const made = await createView(key, { ...input, query, shared: true });
  expect(made).toMatchObject({
    author: null,
    is_own: false,
    can_change: true,
    project: project.slug,
  });
  await deleteView(key, made.id);
  const reader = as(await makeKey(db, { scopes: ["read"], projectId: project.id }));
  await expect(createView(reader, { ...input, query, shared: true })).rejects.toMatchObject(
    refused,
  );
});

// An embedded store has one connection: there, one transaction waits for the other anyway.
test.skipIf(testPostgresUrl() === null)("two changes of a view at once both count", async () => {
  const { db } = runtime.postgres;
  const user = as(await makeUser(db, "admin"));
  const view = await createView(user, input);
  const waiting = async () => {
    const [row] = await db
      .select({ sessions: sql<number>`count(*)::int` })
      .from(sql`pg_stat_activity`)
      .where(sql`datname = current_database() and wait_event_type = 'Lock'`);
    return row?.sessions;
  };
  const renamed = await db.transaction(async (tx) => {
    await updateView({ ...user, db: tx }, view.id, { shared: true });
    const change = updateView(user, view.id, { name: "Renamed" });
    await expect.poll(waiting).toBe(1);
    // Wrapped: a promise that a transaction returned would be waited for inside of it.
    return { change };
  });
  expect(await renamed.change).toMatchObject({ name: "Renamed", shared: true });
  await deleteView(user, view.id);
});

test("each change has its audit row, and one whose row cannot be written is not made", async () => {
  const { db } = runtime.postgres;
  const user = await makeUser(db, "admin");
  const view = await createView(as(user), input);
  await updateView(as(user), view.id, { shared: true });
  await deleteView(as(user), view.id);
  expect(await auditOf(db, view.id)).toMatchObject([
    { action: "view.create", actorId: user.id, after: { name: "Daily", isShared: false } },
    { action: "view.update", before: { isShared: false }, after: { isShared: true } },
    { action: "view.delete", before: { query: "range=7d" } },
  ]);
  // A name that the audit table refuses: PostgreSQL's text holds no zero byte.
  const broken = as({ ...user, name: "a\u0000b" });
  await expect(createView(broken, { ...input, name: "never" })).rejects.toThrow();
  expect((await listViews(as(user), [])).views).toEqual([]);
});
