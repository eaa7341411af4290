import { afterAll, beforeAll, expect, test } from "vitest";
import { POST as postKey } from "@/app/api/keys/route";
import { POST as postPrice } from "@/app/api/prices/route";
import {
  makeKey,
  makeProject,
  openTestRuntime,
  TEST_PUBLIC_URL,
  type TestRuntime,
} from "@/lib/testing/test-runtime";

let runtime: TestRuntime;
beforeAll(async () => {
  runtime = await openTestRuntime();
});
afterAll(() => runtime.close());

async function post(route: typeof postKey, key: string, path: string, body: object) {
  const request = new Request(`${TEST_PUBLIC_URL}${path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const response = await route(request, { params: Promise.resolve({}) });
  return { status: response.status, json: await response.json() };
}

test("a key is made where the request says: body, then project=, then the caller's own project", async () => {
  const { db } = runtime.postgres;
  const [own, other] = [await makeProject(db), await makeProject(db)];
  const { key } = await makeKey(db, { scopes: ["admin"], projectId: own.id });
  const global = await makeKey(db, {
    scopes: ["admin"],
    projectId: own.id,
    isInstallation: true,
  });
  const body = { name: "k", scopes: ["admin"] };
  expect(await post(postKey, key, "/api/keys", body)).toMatchObject({
    status: 201,
    json: { project: own.slug },
  });
  const named = await post(postKey, global.key, `/api/keys?project=${other.slug}`, body);
  expect(named).toMatchObject({ status: 201, json: { project: other.slug } });
  const written = { ...body, project: other.slug };
  expect((await post(postKey, global.key, "/api/keys", written)).json.project).toBe(other.slug);
  expect((await post(postKey, key, "/api/keys", written)).status).toBe(404);
});

test("a price made with project= holds in that project only, and is answered as an override", async () => {
  const { db } = runtime.postgres;
  const project = await makeProject(db);
  const { key } = await makeKey(db, {
    scopes: ["admin"],
    projectId: project.id,
    isInstallation: true,
  });
  const body = { provider: "vllm", model: "m", input_per_mtok: "1", note: "n" };
  const there = await post(postPrice, key, `/api/prices?project=${project.slug}`, body);
  expect(there).toMatchObject({
    status: 201,
    json: { id: expect.any(String), project: project.slug, input_per_mtok: "1", closed: null },
  });
  expect((await post(postPrice, key, "/api/prices", body)).json.project).toBeNull();
});
