import { connect } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestIngest, type TestIngest } from "@/ingest/testing/open-ingest";

let ingest: TestIngest;
beforeAll(async () => {
  ingest = await openTestIngest();
});
afterAll(() => ingest.close());

/** A client that reads the answer only after it has sent everything, as Python's urllib does. */
async function sendClosing(body: Buffer): Promise<string> {
  const { hostname, port } = new URL(ingest.url);
  const socket = connect({ host: hostname, port: Number(port) });
  socket.pause();
  socket.write(
    "POST /v1/events HTTP/1.1\r\nhost: a\r\nauthorization: Bearer unknown\r\nconnection: close\r\n" +
      `content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n`,
  );
  await new Promise<void>((resolve, reject) => {
    socket.once("error", reject);
    socket.write(body, (error) => (error ? reject(error) : resolve()));
  });
  let answer = "";
  for await (const chunk of socket) answer += String(chunk);
  return answer;
}

test("a client that closes its connection reads why its body was refused", async () => {
  for (let i = 0; i < 5; i++) {
    expect(await sendClosing(Buffer.alloc(30 * 1024 * 1024, " "))).toContain("HTTP/1.1 401");
  }
});
