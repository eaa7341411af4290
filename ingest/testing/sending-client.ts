import { toBucket } from "@/db/clickhouse/llm-call-row";

/** An event, and what it must add to every sum. */
export interface SentEvent {
  id: string;
  /** Start of its 15 minutes, seconds since 1970. */
  bucket: number;
  /** 1e-15 US dollars. */
  costFemtoUsd: bigint;
  body: object;
}

/** Dollars a million tokens of claude-sonnet-4-5, as Anthropic published them, in 1e-15 dollars a token. */
const FEMTO_USD_PER_INPUT_TOKEN = 3_000_000_000n;
const FEMTO_USD_PER_OUTPUT_TOKEN = 15_000_000_000n;
/** Two UTC days that are over for long, three quarters of an hour of each. */
const TIMES = ["2025-11-03T23:15", "2025-11-03T23:30", "2025-11-03T23:45"].concat([
  "2025-11-04T00:00",
  "2025-11-04T00:15",
  "2025-11-04T12:00",
]);
const EVENTS_PER_REQUEST = 10;

/**
 * One agent's connection: sends request after request. One whose answer never came is sent again, first, as our SDK and
 * every careful client does: in the end exactly what was sent is acknowledged.
 */
export class SendingClient {
  readonly acknowledged: SentEvent[] = [];
  readonly #name: string;
  #pending: SentEvent[] | null = null;
  #requests = 0;

  constructor(name: string) {
    this.#name = name;
  }

  hasPending(): boolean {
    return this.#pending !== null;
  }

  /**
   * Sends until it is told to stop or the connection breaks.
   * @param answered called after each request that was acknowledged whole.
   * @throws Error for any other answer than a 202 for all
   */
  async send(
    server: { url: string; key: string },
    mustStop: () => boolean,
    answered: () => void = () => undefined,
  ): Promise<void> {
    while (this.#pending !== null || !mustStop()) {
      this.#pending ??= this.#nextRequest();
      const answer = await post(server, this.#pending);
      if (answer === null) return;
      this.acknowledged.push(...this.#pending);
      this.#pending = null;
      answered();
    }
  }

  #nextRequest(): SentEvent[] {
    const number = this.#requests++;
    const time = TIMES[(number + this.#name.length) % TIMES.length] ?? "";
    return Array.from({ length: EVENTS_PER_REQUEST }, (_, i) => {
      const id = `${this.#name}-${number}-${i}`;
      const [input, output] = [1000 + number, 100 + i];
      const timestamp = `${time}:${String(10 + i)}Z`;
      return {
        id,
        bucket: toBucket(Date.parse(timestamp) * 1000),
        costFemtoUsd:
          BigInt(input) * FEMTO_USD_PER_INPUT_TOKEN + BigInt(output) * FEMTO_USD_PER_OUTPUT_TOKEN,
        body: {
          id,
          timestamp,
          provider: "anthropic",
          model: "claude-sonnet-4-5-20250929",
          feature: `f-${i % 3}`,
          user: this.#name,
          session: `${this.#name}-${number % 7}`,
          usage: { input_tokens: input, output_tokens: output },
        },
      };
    });
  }
}

/** @returns null where no answer came: nobody knows what became of the events. */
async function post(
  server: { url: string; key: string },
  events: readonly SentEvent[],
): Promise<true | null> {
  let text: string;
  let status: number;
  try {
    const response = await fetch(`${server.url}/v1/events`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${server.key}` },
      body: JSON.stringify(events.map(({ body }) => body)),
    });
    status = response.status;
    text = await response.text();
  } catch {
    return null;
  }
  const isWhole =
    status === 202 && (JSON.parse(text) as { accepted: number }).accepted === events.length;
  if (!isWhole) throw new Error(`answered with ${status}: ${text}`);
  return true;
}

/** What these events must add up to, by bucket in its order. */
export function sumByBucket(events: readonly SentEvent[]) {
  const sums = new Map<number, { events: number; costFemtoUsd: bigint }>();
  for (const { bucket, costFemtoUsd } of events) {
    const sum = sums.get(bucket) ?? { events: 0, costFemtoUsd: 0n };
    sum.events += 1;
    sum.costFemtoUsd += costFemtoUsd;
    sums.set(bucket, sum);
  }
  return [...sums]
    .sort(([a], [b]) => a - b)
    .map(([bucket, { events: count, costFemtoUsd }]) => ({ bucket, events: count, costFemtoUsd }));
}
