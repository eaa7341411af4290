import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ApiError, requestJson } from "@/lib/api-client";

const server = createServer((request, response) => {
  if (request.url === "/problem") {
    response.writeHead(400, { "content-type": "application/problem+json" });
    response.end(
      JSON.stringify({
        title: "Bad request",
        detail: "unknown filter: colour",
        errors: [{ path: "filter.colour", message: "unknown" }],
        request_id: "req-7",
      }),
    );
    return;
  }
  if (request.url === "/broken") {
    response.writeHead(502, { "x-request-id": "req-8" });
    response.end("<html>");
    return;
  }
  response.writeHead(200, { "content-type": "application/json" });
  response.end(request.url === "/no-json" ? "hello" : JSON.stringify({ url: request.url }));
});
let origin = "";

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

async function failureOf(path: string): Promise<ApiError> {
  const error = await requestJson(path).then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ApiError)) throw new Error("expected an ApiError");
  return error;
}

test("an answer comes with its query as asked", async () => {
  const query = new URLSearchParams([
    ["filter.agent", "a b"],
    ["filter.agent", ""],
  ]);
  expect(await requestJson(`${origin}/echo`, { query })).toEqual({
    url: "/echo?filter.agent=a+b&filter.agent=",
  });
});

test("a problem keeps its words, its faults and its request id", async () => {
  const error = await failureOf(`${origin}/problem`);
  expect(error).toMatchObject({
    status: 400,
    title: "Bad request",
    message: "unknown filter: colour",
    requestId: "req-7",
    faults: [{ path: "filter.colour", message: "unknown" }],
  });
});

test("an error without a body still has its status and request id", async () => {
  expect(await failureOf(`${origin}/broken`)).toMatchObject({ status: 502, requestId: "req-8" });
});

test("no answer and an unreadable answer are errors, never empty data", async () => {
  expect((await failureOf("http://127.0.0.1:1/")).status).toBe(0);
  expect((await failureOf(`${origin}/no-json`)).title).toBe("Unreadable answer");
});
