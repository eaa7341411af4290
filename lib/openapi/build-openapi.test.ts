import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { buildOpenApi } from "@/lib/openapi/build-openapi";

/** Not described: next-auth's own endpoints, and the document itself. */
const UNDESCRIBED = ["/api/auth/{...nextauth}", "/api/openapi.json"];

test("every endpoint and method of app/api is in the document, and no other", () => {
  const files = readdirSync("app/api", { recursive: true, encoding: "utf8" });
  const routes = files
    .filter((file) => file.endsWith("route.ts"))
    .flatMap((file) => {
      const url = path.posix.join("/api", path.dirname(file)).replace(/\[([^\]]+)\]/g, "{$1}");
      const text = readFileSync(path.join("app/api", file), "utf8");
      const methods = [...text.matchAll(/export const (GET|POST|PUT|PATCH|DELETE)\b/g)];
      return methods.map(([, method]) => ({ url, method: String(method).toLowerCase() }));
    })
    .filter(({ url }) => !UNDESCRIBED.includes(url))
    .map(({ url, method }) => `${method} ${url}`);
  const document = buildOpenApi();
  const described = Object.entries(document.paths ?? {}).flatMap(([url, item]) =>
    Object.keys(item).map((method) => `${method} ${url}`),
  );
  const isOfMachines = (name: string) => name.includes(" /v1/");
  expect(described.filter((name) => !isOfMachines(name)).sort()).toEqual(routes.sort());
});

test("the document says what is sent and answered: parameters, bodies, money as text", () => {
  const document = buildOpenApi();
  const spend = document.paths?.["/api/spend"]?.get;
  const parameters = spend?.parameters ?? [];
  const names = parameters.map((parameter) => ("name" in parameter ? parameter.name : ""));
  expect(names).toEqual(
    expect.arrayContaining([
      "from",
      "to",
      "tz",
      "interval",
      "group_by",
      "limit",
      "as_of",
      "project",
    ]),
  );
  const text = JSON.stringify(document);
  expect(document.components?.schemas).toHaveProperty("Event");
  expect(document.components?.schemas).toHaveProperty("WholeCall");
  expect(text).toContain('"cost_usd"');
  expect(text).not.toContain("undefined");
  const ids = Object.values(document.paths ?? {}).flatMap((item) =>
    Object.values(item).map((operation) => (operation as { operationId?: string }).operationId),
  );
  expect(new Set(ids).size).toBe(ids.length);
});
