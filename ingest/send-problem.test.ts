import http from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestIngest, type TestIngest } from "@/ingest/testing/open-ingest";

let ingest: TestIngest;
beforeAll(async () => {
  ingest = await openTestIngest();
});
afterAll(() => ingest.close());

/** A client that reads the answer only after it has sent everything, as Python's urllib does. */
function sendClosing(body: Buffer): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = http.request(`${ingest.url}/v1/events`, {
      method: "POST",
      agent: false,
      headers: {
        authorization: "Bearer unknown",
        connection: "close",
        "content-length": body.length,
        "content-type": "application/json",
      },
    });
    request.on("error", reject);
    request.on("response", (response) => {
      response.resume();
      response.on("end", () => resolve(response.statusCode ?? 0));
    });
    request.end(body);
  });
}

test("a client that closes its connection reads why its body was refused", async () => {
  for (let i = 0; i < 5; i++) {
    expect(await sendClosing(Buffer.alloc(30 * 1024 * 1024, " "))).toBe(401);
  }
});
