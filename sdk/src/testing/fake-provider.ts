import http from "node:http";
import type { AddressInfo } from "node:net";
import {
  ANTHROPIC_STREAM,
  ANTHROPIC_USAGE,
  CHAT_STREAM,
  CHAT_USAGE,
  RESPONSES_STREAM,
  RESPONSES_USAGE,
} from "./recorded-streams.ts";

interface Asked {
  path: string;
  body: Record<string, unknown>;
}

export interface FakeProvider {
  /** For `baseURL`. */
  url: string;
  /** What came over the network, in its order. */
  asked: readonly Asked[];
  /** Of the streams whose model's name begins with "endless": whether their reader has gone. */
  gone(): Promise<void>;
  close(): Promise<void>;
}

/**
 * OpenAI's API, and Anthropic's messages, on a port of this machine. A model named "limited" is refused with 429 the first time, "broken" always
 * with 400; the stream of one named "endless" never ends by itself.
 */
export async function openFakeProvider(): Promise<FakeProvider> {
  const asked: Asked[] = [];
  let tellGone = (): void => {};
  const isGone = new Promise<void>((resolve) => {
    tellGone = resolve;
  });
  const server = http.createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const body = JSON.parse(Buffer.concat(parts).toString("utf8")) as Asked["body"];
    const path = new URL(request.url ?? "", "http://provider").pathname;
    asked.push({ path, body });
    const model = String(body.model);
    const isFirst = asked.filter((other) => other.body.model === model).length === 1;
    if (model === "broken") return refuse(response, 400);
    if (model === "limited" && isFirst) return refuse(response, 429);
    if (!body.stream) return writeJson(response, answerOf(path, body));
    writeStream(response, path, body, tellGone);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    asked,
    gone: () => isGone,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function refuse(response: http.ServerResponse, status: number): void {
  response.writeHead(status, { "content-type": "application/json", "retry-after-ms": "1" });
  response.end(JSON.stringify({ error: { message: "no", type: "invalid_request_error" } }));
}

function writeJson(response: http.ServerResponse, answer: object): void {
  response.writeHead(200, { "content-type": "application/json", "x-request-id": "req_1" });
  response.end(JSON.stringify(answer));
}

function answerOf(path: string, body: Asked["body"]): object {
  if (path.endsWith("/embeddings")) {
    const data = [
      {
        object: "embedding",
        index: 0,
        embedding: body.encoding_format === "base64" ? "AACAPw==" : [1],
      },
    ];
    return {
      object: "list",
      data,
      model: body.model,
      usage: { prompt_tokens: 8, total_tokens: 8 },
    };
  }
  if (path.endsWith("/responses")) {
    const content = [{ type: "output_text", text: '{"sky":"sunny"}', annotations: [] }];
    const output = [{ type: "message", role: "assistant", content }];
    const head = { id: "resp_1", object: "response", model: body.model, status: "completed" };
    return { ...head, output, usage: RESPONSES_USAGE };
  }
  if (path.endsWith("/messages")) {
    const content = [{ type: "text", text: "Sunny" }];
    return { id: "msg_1", type: "message", model: body.model, content, usage: ANTHROPIC_USAGE };
  }
  const message = { role: "assistant", content: '{"sky":"sunny"}' };
  const choices = [{ index: 0, message, finish_reason: "stop" }];
  return {
    id: "chatcmpl-1",
    object: "chat.completion",
    model: body.model,
    choices,
    usage: CHAT_USAGE,
  };
}

function writeStream(
  response: http.ServerResponse,
  path: string,
  body: Asked["body"],
  tellGone: () => void,
): void {
  const isChat = path.endsWith("/chat/completions");
  const options = body.stream_options as { include_usage?: boolean } | undefined;
  const chunks: object[] = isChat
    ? CHAT_STREAM.filter(({ choices }) => choices.length > 0 || options?.include_usage)
    : path.endsWith("/messages")
      ? ANTHROPIC_STREAM
      : RESPONSES_STREAM;
  response.writeHead(200, { "content-type": "text/event-stream", "x-request-id": "req_2" });
  const isEndless = String(body.model).startsWith("endless");
  for (const chunk of isEndless ? chunks.slice(0, 2) : chunks) {
    const event = "type" in chunk ? `event: ${String(chunk.type)}\n` : "";
    response.write(`${event}data: ${JSON.stringify(chunk)}\n\n`);
  }
  if (!isEndless) response.end("data: [DONE]\n\n");
  else response.on("close", tellGone);
}
