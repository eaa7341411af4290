import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  type FakeProvider,
  openFakeProvider,
  type ProviderAnswer,
} from "@/ingest/otlp/testing/fake-provider";
import { openTestIngest, type TestIngest } from "@/ingest/testing/open-ingest";

let ingest: TestIngest;
beforeAll(async () => {
  ingest = await openTestIngest();
}, 240_000);
afterAll(() => ingest.close());

interface CountedCall {
  model: string;
  hasUsage: boolean;
  inputTokens: number;
  cacheReadTokens: number;
  outputTokens: number;
}

/** Starts a client as anybody would: three variables say where its calls are to be told. */
async function run(client: string, provider: FakeProvider): Promise<void> {
  const script = path.join(import.meta.dirname, `testing/clients/${client}.mjs`);
  const child = spawn(process.execPath, [script, provider.url], {
    stdio: ["ignore", "ignore", "inherit"],
    env: {
      NODE_ENV: "production",
      OPENAI_BASE_URL: provider.url,
      OTEL_EXPORTER_OTLP_ENDPOINT: ingest.url,
      OTEL_EXPORTER_OTLP_HEADERS: `x-api-key=${await ingest.makeKey()}`,
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/protobuf",
    },
  });
  expect(await once(child, "exit")).toEqual([0, null]);
}

const seen = new Set<unknown>();

/** The calls that count and that nobody has seen yet. */
async function listNewCalls(): Promise<CountedCall[]> {
  const rows = await ingest.rows("type = 'llm' AND counted");
  const fresh = rows.filter(({ id }) => !seen.has(id));
  for (const { id } of fresh) seen.add(id);
  return fresh.map((row) => ({
    model: String(row.model),
    hasUsage: row.has_usage === true,
    inputTokens: Number(row.input_tokens),
    cacheReadTokens: Number(row.cache_read_tokens),
    outputTokens: Number(row.output_tokens),
  }));
}

function sum<T>(list: readonly T[], read: (one: T) => number | null | undefined): number {
  return list.reduce((total, one) => total + (read(one) ?? 0), 0);
}

const billed = ({ usage }: ProviderAnswer) => usage !== null;

test.each([
  { client: "otel-openai", tellsStreams: true, tellsCached: false },
  { client: "openinference", tellsStreams: false, tellsCached: true },
  { client: "vercel-ai", tellsStreams: true, tellsCached: true },
])(
  "$client, started and left alone: each call it made is counted once, with what the provider billed",
  async ({ client, tellsStreams, tellsCached }) => {
    const provider = await openFakeProvider(client);
    try {
      await run(client, provider);
      const calls = await listNewCalls();
      const answers = provider.answers.filter(billed);
      const told = answers.filter(({ isStream }) => tellsStreams || !isStream);
      const used = calls.filter(({ hasUsage }) => hasUsage);
      // A refusal was answered too, and was tried again.
      expect([provider.answers.length, answers.length]).toEqual([6, 5]);
      expect([calls.length, used.length]).toEqual([answers.length, told.length]);
      expect(new Set(used.map(({ model }) => model))).toEqual(new Set(["gpt-4o-mini-2024-07-18"]));
      const cached = tellsCached ? told : [];
      expect({
        input: sum(used, (call) => call.inputTokens),
        cached: sum(used, (call) => call.cacheReadTokens),
        output: sum(used, (call) => call.outputTokens),
      }).toEqual({
        input: sum(told, ({ usage }) => usage?.prompt_tokens),
        cached: sum(cached, ({ usage }) => usage?.prompt_tokens_details.cached_tokens),
        output: sum(told, ({ usage }) => usage?.completion_tokens),
      });
    } finally {
      await provider.close();
    }
  },
  120_000,
);
