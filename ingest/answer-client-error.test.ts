import http from "node:http";
import http2 from "node:http2";
import { type AddressInfo, connect } from "node:net";
import { afterEach, expect, test } from "vitest";
import { answerClientError, HTTP_LIMITS } from "@/ingest/answer-client-error";
import { serveQuickly } from "@/ingest/quick/serve-quickly";

let server: http.Server;
afterEach(() => new Promise((resolve) => server.close(resolve)));

async function listen(): Promise<number> {
  server = http.createServer(HTTP_LIMITS, (_request, response) => response.end());
  server.on("clientError", answerClientError);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

async function send(bytes: string): Promise<string> {
  const socket = connect(await listen(), "127.0.0.1");
  socket.write(bytes);
  let answer = "";
  for await (const chunk of socket) answer += String(chunk);
  return answer;
}

test.each([
  ["NONSENSE\r\n\r\n", 400],
  [`GET / HTTP/1.1\r\nhost: a\r\nx: ${"y".repeat(40_000)}\r\n\r\n`, 431],
  ["POST / HTTP/1.1\r\nhost: a\r\ncontent-length: -5\r\n\r\n", 400],
])("malformed HTTP gets a problem and a closed connection", async (bytes, status) => {
  const [head = "", body = ""] = (await send(bytes)).split("\r\n\r\n");
  expect(head).toContain(`HTTP/1.1 ${status}`);
  expect(head).toContain("application/problem+json");
  expect(JSON.parse(body)).toMatchObject({ status, errors: [] });
});

test.each(["plain node:http", "the quick way in front"])(
  "a client of gRPC is told in HTTP/2 what to set instead, by %s",
  async (way) => {
    const port = await listen();
    if (way !== "plain node:http") serveQuickly(server, () => null, 60_000);
    const client = http2.connect(`http://127.0.0.1:${port}`);
    client.on("error", () => undefined);
    const told = await new Promise<{ code: number; text: string }>((resolve) => {
      client.on("goaway", (code, _stream, data) => resolve({ code, text: String(data) }));
    });
    client.destroy();
    expect(told.code).toBe(http2.constants.NGHTTP2_HTTP_1_1_REQUIRED);
    expect(told.text).toContain("OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf");
  },
);
