import http from "node:http";
import type { AddressInfo } from "node:net";

/** What the provider billed for one answer; null: it answered 429 and billed nothing. */
export interface ProviderAnswer {
  id: string;
  status: number;
  model: string;
  isStream: boolean;
  usage: {
    prompt_tokens: number;
    completion_tokens: number;
    total_tokens: number;
    prompt_tokens_details: { cached_tokens: number };
    completion_tokens_details: { reasoning_tokens: number };
  } | null;
}

export interface FakeProvider {
  /** For `OPENAI_BASE_URL`. */
  url: string;
  /** In the order it answered. */
  answers: readonly ProviderAnswer[];
  close(): Promise<void>;
}

interface Asked {
  model: string;
  stream?: boolean;
  stream_options?: { include_usage?: boolean };
  tools?: { function?: { name: string } }[];
  messages: { role: string; content: unknown }[];
}

/**
 * The far end of a client: OpenAI's chat completions on a port of this machine, streams and tools included. Counts have
 * nothing to do with the texts, so that an estimate never passes for them. A message that has "429" in it is refused
 * the first time.
 * @param name begins the ids of its answers: no two providers answer with one id, which would say that both tell of one call
 */
export async function openFakeProvider(name: string): Promise<FakeProvider> {
  const answers: ProviderAnswer[] = [];
  const refused = new Set<string>();
  const server = http.createServer((request, response) => {
    let text = "";
    request.on("data", (chunk: Buffer) => {
      text += chunk.toString("utf8");
    });
    request.on("end", () => {
      const asked = JSON.parse(text) as Asked;
      const answer = decide(asked, answers.length, isRefused(asked, refused), name);
      answers.push(answer);
      if (answer.usage === null) refuse(response);
      else if (answer.isStream) writeStream(response, asked, answer);
      else writeJson(response, asked, answer);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    answers,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function isRefused(asked: Asked, refused: Set<string>): boolean {
  const said = JSON.stringify(asked.messages);
  if (!said.includes("429") || refused.has(said)) return false;
  refused.add(said);
  return true;
}

function decide(asked: Asked, index: number, isRefusal: boolean, name: string): ProviderAnswer {
  const [input, output] = [1_000 + index * 137, 60 + index * 11];
  return {
    id: `chatcmpl-${name}-${index}`,
    status: isRefusal ? 429 : 200,
    model: `${asked.model}-2024-07-18`,
    isStream: asked.stream === true,
    usage: isRefusal
      ? null
      : {
          prompt_tokens: input,
          completion_tokens: output,
          total_tokens: input + output,
          prompt_tokens_details: { cached_tokens: index % 2 === 0 ? 512 : 0 },
          completion_tokens_details: { reasoning_tokens: 0 },
        },
  };
}

/** A tool is asked for once, as long as nobody has told what it gave. */
function messageOf(asked: Asked, id: string) {
  const tool = asked.tools?.[0]?.function?.name;
  if (tool === undefined || asked.messages.some(({ role }) => role === "tool"))
    return { finish_reason: "stop", message: { role: "assistant", content: "It is sunny." } };
  const call = { name: tool, arguments: '{"city":"Oslo"}' };
  return {
    finish_reason: "tool_calls",
    message: {
      role: "assistant",
      content: null,
      tool_calls: [{ id: `call_${id}`, type: "function", function: call }],
    },
  };
}

const CREATED = 1_790_000_000;

function refuse(response: http.ServerResponse): void {
  response.writeHead(429, { "content-type": "application/json", "retry-after-ms": "1" });
  response.end(JSON.stringify({ error: { message: "slow down", type: "rate_limit_error" } }));
}

function writeJson(response: http.ServerResponse, asked: Asked, answer: ProviderAnswer): void {
  const { id, model, usage } = answer;
  const choices = [{ index: 0, logprobs: null, ...messageOf(asked, id) }];
  response.writeHead(200, { "content-type": "application/json" });
  response.end(
    JSON.stringify({ id, object: "chat.completion", created: CREATED, model, choices, usage }),
  );
}

function writeStream(response: http.ServerResponse, asked: Asked, answer: ProviderAnswer): void {
  const { id, model, usage } = answer;
  const head = { id, object: "chat.completion.chunk", created: CREATED, model };
  const write = (part: object) =>
    response.write(`data: ${JSON.stringify({ ...head, ...part })}\n\n`);
  response.writeHead(200, { "content-type": "text/event-stream" });
  for (const content of ["It ", "is ", "sunny."])
    write({ choices: [{ index: 0, delta: { role: "assistant", content }, finish_reason: null }] });
  write({ choices: [{ index: 0, delta: {}, finish_reason: "stop" }] });
  if (asked.stream_options?.include_usage) write({ choices: [], usage });
  response.end("data: [DONE]\n\n");
}
