import { afterAll, beforeAll, expect, test } from "vitest";
import { DELETE, GET as GET_ONE, PATCH } from "@/app/api/budgets/[id]/route";
import { GET, POST } from "@/app/api/budgets/route";
import { GET as GET_SUGGESTIONS } from "@/app/api/budgets/suggestions/route";
import { GET as GET_PREVIEW } from "@/app/api/kill-switches/preview/route";
import { GET as GET_SWITCHES, PUT } from "@/app/api/kill-switches/route";
import type { RouteHandler } from "@/lib/api-route";
import { openTestStores } from "@/lib/testing/open-test-stores";
import {
  makeKey,
  makeProject,
  TEST_PUBLIC_URL,
  type TestRuntime,
} from "@/lib/testing/test-runtime";

let runtime: TestRuntime;
beforeAll(async () => {
  runtime = await openTestStores();
});
afterAll(() => runtime.close());

/** Asks a route with a key. Its answer is held against the contract's schema outside production. */
async function ask(
  route: RouteHandler,
  key: string,
  options: { method?: string; query?: string; body?: object; id?: string } = {},
) {
  const { method = "GET", query = "", body, id } = options;
  const request = new Request(`${TEST_PUBLIC_URL}/api${query}`, {
    method,
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const response = await route(request, { params: Promise.resolve(id ? { id } : {}) });
  return { status: response.status, json: await response.json() };
}
const budget = { name: "b", scope: "agent", value: "*", window: "day", limit_usd: "5" };

test("a budget is made where the request says, read, changed and removed by a key of its project", async () => {
  const { db } = runtime.postgres;
  const [own, other] = [await makeProject(db), await makeProject(db)];
  const { key } = await makeKey(db, { scopes: ["admin", "read"], projectId: own.id });
  const global = await makeKey(db, { scopes: ["admin", "read"], isInstallation: true });
  const post = (by: string, body: object, query = "") =>
    ask(POST, by, { method: "POST", body, query });
  const made = await post(key, budget);
  expect(made).toMatchObject({ status: 201, json: { project: own.slug, limit_usd: "5" } });
  const id = made.json.id as string;
  const named = await post(global.key, budget, `?project=${other.slug}`);
  expect(named.json.project).toBe(other.slug);
  expect((await post(global.key, { ...budget, project: null })).json.project).toBeNull();
  const project = await post(key, { ...budget, scope: "project", value: undefined });
  expect(project.json).toMatchObject({ project: own.slug, value: own.slug });
  const everything = { ...budget, scope: "global", value: undefined };
  expect((await post(key, everything)).status).toBe(403);
  expect((await post(global.key, everything)).json).toMatchObject({ project: null, value: null });
  expect((await post(key, { ...budget, window: "year" })).status).toBe(422);
  expect((await post(key, { ...budget, project: other.slug })).status).toBe(404);

  const listed = await ask(GET, key);
  expect(listed.json.budgets.map((one: { id: string }) => one.id)).toContain(id);
  expect(listed.json.budgets.map((one: { id: string }) => one.id)).not.toContain(named.json.id);
  // One budget is asked for by its id, whatever project the address names.
  const seen = await ask(GET_ONE, global.key, { id: named.json.id });
  expect(seen).toMatchObject({ status: 200, json: { project: other.slug, values: [] } });
  expect((await ask(GET_ONE, key, { id: named.json.id })).status).toBe(404);
  const patch = { method: "PATCH", id, body: { limit_usd: "7", limit_calls: 3 } };
  expect((await ask(PATCH, key, patch)).json).toMatchObject({ limit_usd: "7", limit_calls: 3 });
  const fixed = await ask(PATCH, key, { method: "PATCH", id, body: { window: "week" } });
  expect(fixed).toMatchObject({ status: 422, json: { errors: [{ path: "window" }] } });
  expect((await ask(DELETE, key, { method: "DELETE", id })).json.archived_at).not.toBeNull();
  expect((await ask(GET, key)).json.budgets.map((one: { id: string }) => one.id)).not.toContain(id);
  expect((await ask(GET_SUGGESTIONS, key)).json).toMatchObject({ suggestions: [] });
});

test("a key stops an agent of its project, and asks first what would stop", async () => {
  const { db } = runtime.postgres;
  const project = await makeProject(db);
  const { key } = await makeKey(db, { scopes: ["admin", "read"], projectId: project.id });
  const preview = await ask(GET_PREVIEW, key, { query: "?scope=agent&value=planner" });
  expect(preview).toMatchObject({
    status: 200,
    json: { project: project.slug, engaged: false, stops: { calls: 0 } },
  });
  const put = (body: object) => ask(PUT, key, { method: "PUT", body });
  const target = { scope: "agent", value: "planner" };
  const on = await put({ ...target, engaged: true, reason: "a loop" });
  expect(on).toMatchObject({ status: 200, json: { engaged: true, project: project.slug } });
  expect((await put({ ...target, engaged: true })).status).toBe(422);
  const whole = await put({ scope: "project", engaged: true, reason: "all" });
  expect(whole.json).toMatchObject({ project: project.slug, value: project.slug });
  expect((await put({ scope: "global", engaged: true, reason: "all" })).status).toBe(403);
  const listed = await ask(GET_SWITCHES, key);
  expect(listed.json.switches).toHaveLength(2);
  expect(listed.json.history).toHaveLength(2);
  const off = await put({ ...target, engaged: false, reason: "mended" });
  expect(off.json).toMatchObject({ engaged: false, release_reason: "mended" });
});
