import { afterAll, beforeAll, expect, test } from "vitest";
import { GET } from "@/app/api/calls/[id]/content/route";
import { PATCH } from "@/app/api/projects/[id]/route";
import { updateProjectRow } from "@/db/queries/projects";
import { encodeContent } from "@/ingest/contents/encode-content";
import { toIngestProject } from "@/ingest/project-lookup";
import { deleteContents } from "@/lib/contents/delete-contents";
import { expireContents } from "@/lib/contents/expire-contents";
import { previewRedaction } from "@/lib/contents/preview-redaction";
import { erasureSchema } from "@/lib/corrections/correction-schemas";
import { requestErasure } from "@/lib/corrections/request-erasure";
import {
  openTestCorrections,
  type TestCorrections,
} from "@/lib/corrections/testing/open-test-corrections";
import { auditOf } from "@/lib/testing/audit-of";
import { makeKey, makeUser, TEST_PUBLIC_URL } from "@/lib/testing/test-runtime";

let kit: TestCorrections;
const DAY_MS = 86_400_000;
const NOW = Date.now();
beforeAll(async () => {
  kit = await openTestCorrections();
});
afterAll(() => kit.close());

type Project = Awaited<ReturnType<TestCorrections["makeProject"]>>;

async function keeping(change: Parameters<typeof updateProjectRow>[2] = {}): Promise<Project> {
  const { id } = await kit.makeProject();
  const row = await updateProjectRow(kit.db, id, { keepsContent: true, ...change });
  if (!row) throw new Error("no project");
  return row;
}

/** A call with what was said in it, both stored. */
async function say(project: Project, id: string, given: { atMs?: number; user?: string } = {}) {
  const { atMs = NOW - 60_000, user = "" } = given;
  await kit.send(project, [{ id, atMs, user }]);
  const call = { id, timestampUs: atMs * 1000, user };
  const context = { ...toIngestProject(project), contentRetentionDays: 365, nowMs: NOW };
  const row = encodeContent(
    { messages: [{ role: "user", content: `said in ${id}` }] },
    call,
    context,
  );
  const arrival = '{"version":"1","ingested_at":"2026-11-21 00:00:00.000000"';
  await kit.clickhouse.insertLines("call_contents", `${arrival}${row?.toString()}`);
}

async function ask(key: string, id: string) {
  const headers = { authorization: `Bearer ${key}` };
  const request = new Request(`${TEST_PUBLIC_URL}/api/calls/${id}/content`, { headers });
  const response = await GET(request, { params: Promise.resolve({ id }) });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}
const contentKey = async ({ id: projectId }: Project) =>
  (await makeKey(kit.db, { scopes: ["content"], projectId })).key;

async function countKept({ id }: Project): Promise<number> {
  const sql = "SELECT toInt32(count()) AS rows FROM call_contents WHERE project_id = {id:String}";
  const [row] = (await kit.clickhouse.query(sql, { id })) as { rows: number }[];
  return row?.rows ?? 0;
}

test("what was said is for who holds the permission, and each reader is written down once an hour", async () => {
  const project = await keeping();
  await say(project, "audited");
  const reader = await makeKey(kit.db, { scopes: ["read"], projectId: project.id });
  const refused = await ask(reader.key, "audited");
  expect(refused.status).toBe(403);
  expect(refused.body.detail).toContain("content");
  const key = await contentKey(project);
  for (let i = 0; i < 2; i++) {
    expect((await ask(key, "audited")).body).toMatchObject({
      kept: true,
      reason: null,
      messages: [{ role: "user", content: "said in audited" }],
      completion: null,
    });
  }
  const rows = await auditOf(kit.db, "audited");
  expect(rows.map(({ action }) => action)).toEqual(["content.read"]);
});

test("why there is nothing is told: the project keeps none, nothing was sent, it expired", async () => {
  const project = await keeping();
  const key = await contentKey(project);
  await kit.send(project, [{ id: "silent", atMs: NOW - 1_000 }]);
  expect((await ask(key, "silent")).body).toMatchObject({ kept: false, reason: "nothing_sent" });
  await say(project, "expired", { atMs: NOW - 31 * DAY_MS });
  expect((await ask(key, "expired")).body).toMatchObject({ kept: false, reason: "expired" });
  await updateProjectRow(kit.db, project.id, { keepsContent: false });
  const { body } = await ask(key, "silent");
  expect(body).toMatchObject({ kept: false, reason: "project_keeps_none" });
});

test("what is older than the project keeps it is deleted, of that project alone, and its calls stay", async () => {
  const [short, long] = [await keeping({ contentRetentionDays: 2 }), await keeping()];
  for (const project of [short, long]) {
    await say(project, "new");
    await say(project, "old", { atMs: NOW - 5 * DAY_MS });
  }
  const { clickhouse, db } = kit;
  await expireContents({ clickhouse, db, now: Date.now, mustStop: () => false });
  expect([await countKept(short), await countKept(long)]).toEqual([1, 2]);
  expect((await kit.sumsOf(short))?.valueOf()).toMatchObject({ events: 2 });
});

test("erasing a user deletes what was said in their calls", async () => {
  const project = await keeping();
  await say(project, "hers", { user: "ann" });
  await say(project, "his", { user: "bob" });
  const admin = await makeUser(kit.db, "admin");
  const input = erasureSchema.parse({ user: "ann", reason: "asked for" });
  await kit.ended(requestErasure(kit.as(admin, project), input));
  expect(await countKept(project)).toBe(1);
  const key = await contentKey(project);
  expect((await ask(key, "hers")).body).toMatchObject({ kept: false, reason: "erased" });
  expect((await ask(key, "his")).body).toMatchObject({ kept: true });
});

test("switching it off and deleting what is kept takes an admin, is audited, and comes in that order", async () => {
  const project = await keeping();
  await say(project, "one");
  const admin = await makeUser(kit.db, "admin");
  const engineer = await makeUser(kit.db, "engineer");
  await expect(deleteContents(kit.as(engineer), project.id)).rejects.toMatchObject({
    code: "forbidden",
  });
  await expect(deleteContents(kit.as(admin), project.id)).rejects.toMatchObject({
    code: "conflict",
  });
  const { key } = await makeKey(kit.db, { scopes: ["admin"], projectId: project.id });
  const patched = await PATCH(
    new Request(`${TEST_PUBLIC_URL}/api/projects/${project.id}`, {
      method: "PATCH",
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      body: JSON.stringify({ keeps_content: false, content_retention_days: 7 }),
    }),
    { params: Promise.resolve({ id: project.id }) },
  );
  expect(await patched.json()).toMatchObject({ keeps_content: false, content_retention_days: 7 });
  await deleteContents(kit.as(admin), project.id);
  expect(await countKept(project)).toBe(0);
  const actions = (await auditOf(kit.db, project.id)).map(({ action }) => action);
  expect(actions).toEqual(["project.update", "content.delete"]);
});

test("a preview shows what would be taken out, and a pattern that cannot be used is told", async () => {
  const project = await keeping();
  const context = kit.as(await makeUser(kit.db, "admin"));
  const patterns = [{ name: "order", pattern: "ORD-\\d+" }];
  const text = "ORD-12 of ann@example.com";
  expect(previewRedaction(context, project.id, { patterns, text })).toEqual({
    text: "(redacted: order) of (redacted: email)",
    redacted: { order: 1, email: 1 },
  });
  const bad = [{ name: "x", pattern: "(" }];
  expect(() => previewRedaction(context, project.id, { patterns: bad, text })).toThrow(
    expect.objectContaining({ code: "unprocessable" }),
  );
});
