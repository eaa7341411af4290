import { randomUUID } from "node:crypto";

/** Where an agent asks and tells, at the moment; null: nowhere, its server was killed. */
export interface GuardServer {
  url: string;
  /** With the scopes `ingest` and `guard`. */
  key: string;
}

/** What the agents of a test did, all together. */
export interface AgentTally {
  allowed: number;
  /** Refused because of a budget; not because one could not be asked. */
  refused: number;
  /** Ids of events that no hold of theirs covers. */
  unreserved: Set<string>;
  /** Ids of all events that were acknowledged. */
  events: Set<string>;
}

export function newTally(): AgentTally {
  return { allowed: 0, refused: 0, unreserved: new Set(), events: new Set() };
}

interface ToldEvent {
  id: string;
  reservation_id?: string;
}

interface Decision {
  decision: "allow" | "block" | "throttle" | "reroute";
  reservation_id?: string;
  reasons: { code: string; budget_id?: string; message: string }[];
}

/** Input past 200,000 tokens is dearer for some of them, and writing to a cache is dearer than reading. */
const MODELS = [
  { provider: "anthropic", model: "claude-sonnet-4-5-20250929" },
  { provider: "google", model: "gemini-2.5-pro" },
  { provider: "openai", model: "gpt-4o" },
] as const;

/**
 * One agent that asks before each call, calls within its estimate, and tells what it used, as a careful client does: what
 * was not answered is sent again with the same id. Some of its calls end badly, as those of real agents do.
 */
export class CappedAgent {
  readonly #tags: Record<string, string>;
  readonly #random: (below: number) => number;
  readonly #tally: AgentTally;
  /** A reservation of another project's, to be named by mistake. */
  readonly #foreignId: string;

  constructor(options: {
    seed: number;
    tags: Record<string, string>;
    tally: AgentTally;
    foreignId: string;
  }) {
    this.#random = seededRandom(options.seed);
    this.#tags = options.tags;
    this.#tally = options.tally;
    this.#foreignId = options.foreignId;
  }

  /** One call: asked for, made or given up, told. @param server asked anew for every try */
  async call(server: () => Promise<GuardServer>): Promise<void> {
    const named = MODELS[this.#random(MODELS.length)] ?? MODELS[0];
    const inputTokens = this.#random(6) === 0 ? 250_000 : 1_000 + this.#random(20_000);
    const maxOutputTokens = 100 + this.#random(4_000);
    const decision = await this.#reserve(server, {
      id: randomUUID(),
      ...this.#tags,
      ...named,
      estimated_usage: { input_tokens: inputTokens, max_output_tokens: maxOutputTokens },
    });
    const id = decision.reservation_id;
    if (decision.decision !== "allow" || id === undefined) return;
    const event = (): ToldEvent & Record<string, unknown> => ({
      id: randomUUID(),
      timestamp: new Date().toISOString(),
      ...this.#tags,
      ...named,
      service_tier: "standard",
      usage: this.#usage(inputTokens, maxOutputTokens),
    });
    switch (this.#random(12)) {
      case 0:
        return this.#release(server, id);
      case 1: {
        // The network doubled it.
        const twice = { ...event(), reservation_id: id };
        await Promise.all([this.#tell(server, twice), this.#tell(server, twice)]);
        return;
      }
      case 2: {
        // A second call on one hold.
        const second = { ...event(), reservation_id: id };
        await this.#tell(server, { ...event(), reservation_id: id });
        this.#tally.unreserved.add(second.id);
        return this.#tell(server, second);
      }
      case 3: {
        // Somebody else's hold, and its own given back.
        const foreign = { ...event(), reservation_id: this.#foreignId };
        this.#tally.unreserved.add(foreign.id);
        await this.#tell(server, foreign);
        return this.#release(server, id);
      }
      default:
        return this.#tell(server, { ...event(), reservation_id: id });
    }
  }

  #usage(inputTokens: number, maxOutputTokens: number) {
    const input = 1 + this.#random(inputTokens);
    const written5m = this.#random(input);
    const written1h = this.#random(input - written5m);
    return {
      input_tokens: input,
      cache_write_5m_tokens: written5m,
      cache_write_1h_tokens: written1h,
      cache_read_tokens: this.#random(input - written5m - written1h),
      output_tokens: this.#random(maxOutputTokens + 1),
    };
  }

  async #reserve(server: () => Promise<GuardServer>, body: object): Promise<Decision> {
    for (;;) {
      const answer = await send(server, "POST", "/v1/reservations", body);
      if (answer.status !== 200) throw new Error(`a reservation was answered: ${answer.text}`);
      const decision = JSON.parse(answer.text) as Decision;
      // Budgets were out of reach, so nothing was decided by them: asked again.
      if (decision.reasons.some(({ code }) => code === "degraded")) continue;
      if (decision.decision === "allow") this.#tally.allowed += 1;
      else this.#tally.refused += 1;
      return decision;
    }
  }

  async #tell(server: () => Promise<GuardServer>, event: ToldEvent): Promise<void> {
    const answer = await send(server, "POST", "/v1/events", event);
    if (answer.status !== 202) throw new Error(`an event was answered: ${answer.text}`);
    this.#tally.events.add(event.id);
  }

  async #release(server: () => Promise<GuardServer>, id: string): Promise<void> {
    const answer = await send(server, "DELETE", `/v1/reservations/${id}`, null);
    if (answer.status >= 300) throw new Error(`a release was answered: ${answer.text}`);
  }
}

/** Sends until it is answered: a server that dies, or has to wait for a store, is asked again. */
async function send(
  server: () => Promise<GuardServer>,
  method: "POST" | "DELETE",
  path: string,
  body: object | null,
): Promise<{ status: number; text: string }> {
  for (;;) {
    const { url, key } = await server();
    try {
      const response = await fetch(`${url}${path}`, {
        method,
        headers: { "content-type": "application/json", authorization: `Bearer ${key}` },
        ...(body === null ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      if (response.status !== 503) return { status: response.status, text };
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Numbers below a bound, the same for the same seed (mulberry32). */
export function seededRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    if (below <= 0) return 0;
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), 1 | state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) % below;
  };
}
