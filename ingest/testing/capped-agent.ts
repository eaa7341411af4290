import {
  type GuardServer,
  seededRandom,
  sendAndDie,
  sendUntilAnswered,
} from "@/ingest/testing/guard-server";
import { readUsd } from "@/lib/budgets/budget-row";
import type { FemtoUsd } from "@/lib/money";

/** What a client knows that it holds. */
export interface KnownHold {
  id: string;
  tags: Readonly<Record<string, string>>;
  /** null: no budget holds any of it. */
  femtoUsd: FemtoUsd | null;
  tokens: number;
}

export interface ToldEvent {
  id: string;
  reservation_id?: string;
}

/** What the agents of a project did in a test, all together. */
export interface AgentTally {
  allowed: number;
  /** Refused because of a budget; not because one could not be asked. */
  refused: number;
  /** Ids of events that no hold of theirs covers. */
  unreserved: Set<string>;
  /** Ids of all events that were acknowledged. */
  events: Set<string>;
  /** Holds of agents that died after they were let through: nobody ever tells what became of them. */
  abandoned: KnownHold[];
  /** Ids of reservations that were asked for by agents which died before they heard an answer. */
  unheard: string[];
  /** Calls that were made in time, of which their agents tell long after their holds expired. */
  late: { hold: KnownHold; event: ToldEvent }[];
}

export function newTally(): AgentTally {
  return {
    allowed: 0,
    refused: 0,
    unreserved: new Set(),
    events: new Set(),
    abandoned: [],
    unheard: [],
    late: [],
  };
}

interface Decision {
  decision: "allow" | "block" | "throttle" | "reroute";
  reservation_id?: string;
  reserved_usd: string | null;
  expires_at: string;
  reasons: { code: string; budget_id?: string; message: string }[];
}

type Server = () => Promise<GuardServer>;

/** Input past 200,000 tokens is dearer for some of them, and writing to a cache is dearer than reading. */
const MODELS = [
  { provider: "anthropic", model: "claude-sonnet-4-5-20250929" },
  { provider: "google", model: "gemini-2.5-pro" },
  { provider: "openai", model: "gpt-4o" },
] as const;
/** How a call ends. What is not here ends well. */
const ENDS = [
  "released",
  "told twice",
  "a second call on one hold",
  "told with a foreign hold",
  "died before it was told",
  "died before it heard",
  "told long after",
  "told as it expires",
  "renewed",
] as const;
/** Of this many calls each end befalls one. */
const CALLS_PER_END = 16;
/** A hold that is to expire does so while others reserve. */
const SHORT_TTL_SECONDS = 1;

/** One agent of a project. */
export interface AgentOptions {
  seed: number;
  /** Of its ids. An agent of another project may have the same. */
  name: string;
  tags: Readonly<Record<string, string>>;
  tally: AgentTally;
  /** A reservation of another project's, to be named by mistake. */
  foreignId: string;
}

/**
 * One agent that asks before each call, calls within its estimate, and tells what it used, as a careful client does: what
 * was not answered is sent again with the same id. Some of its calls end badly, as those of real agents do.
 */
export class CappedAgent {
  readonly #options: AgentOptions;
  readonly #random: (below: number) => number;
  #calls = 0;

  constructor(options: AgentOptions) {
    this.#options = options;
    this.#random = seededRandom(options.seed);
  }

  /** One call: asked for, made or given up, told. @param server asked anew for every try */
  async call(server: Server): Promise<void> {
    const { name, tags, tally } = this.#options;
    const named = MODELS[this.#random(MODELS.length)] ?? MODELS[0];
    const inputTokens = this.#random(6) === 0 ? 250_000 : 1_000 + this.#random(20_000);
    const maxOutputTokens = 100 + this.#random(4_000);
    const end = ENDS[this.#random(CALLS_PER_END)] ?? "told";
    const mustExpire = /^(died|told long|told as)/.test(end);
    const wish = {
      id: `${name}/${this.#calls++}`,
      ...tags,
      ...named,
      estimated_usage: { input_tokens: inputTokens, max_output_tokens: maxOutputTokens },
      ...(mustExpire ? { ttl_seconds: SHORT_TTL_SECONDS } : {}),
    };
    if (end === "died before it heard") {
      tally.unheard.push(wish.id);
      return sendAndDie(server, "/v1/reservations", wish);
    }
    const decision = await this.#reserve(server, wish);
    const id = decision.reservation_id;
    if (decision.decision !== "allow" || !id) return;
    const femtoUsd = decision.reserved_usd === null ? null : readUsd(decision.reserved_usd);
    const hold = { id, tags, femtoUsd, tokens: inputTokens + maxOutputTokens };
    const event = (n = 0): ToldEvent & Record<string, unknown> => ({
      id: `${id}/${n}`,
      timestamp: new Date().toISOString(),
      ...tags,
      ...named,
      service_tier: "standard",
      usage: this.#usage(inputTokens, maxOutputTokens),
    });
    await this.#finish(server, end, hold, event, decision);
  }

  async #finish(
    server: Server,
    end: (typeof ENDS)[number] | "told",
    hold: KnownHold,
    event: (n?: number) => ToldEvent,
    { expires_at }: Decision,
  ): Promise<void> {
    const { tally, foreignId } = this.#options;
    const own = { ...event(), reservation_id: hold.id };
    switch (end) {
      case "released":
        return this.#release(server, hold.id);
      case "told twice":
        // The network doubled it.
        await Promise.all([this.#tell(server, own), this.#tell(server, own)]);
        return;
      case "a second call on one hold": {
        const second = { ...event(1), reservation_id: hold.id };
        await this.#tell(server, own);
        tally.unreserved.add(second.id);
        return this.#tell(server, second);
      }
      case "told with a foreign hold":
        // Somebody else's, and its own given back.
        tally.unreserved.add(own.id);
        await this.#tell(server, { ...own, reservation_id: foreignId });
        return this.#release(server, hold.id);
      case "died before it was told":
        tally.abandoned.push(hold);
        return;
      case "told long after":
        tally.late.push({ hold, event: own });
        return;
      case "told as it expires":
        await untilClock(Date.parse(expires_at));
        return this.#tell(server, own);
      case "renewed":
        await this.#renew(server, hold.id);
        return this.#tell(server, own);
      default:
        return this.#tell(server, own);
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

  async #reserve(server: Server, wish: { id: string }): Promise<Decision> {
    for (let tries = 0, body = wish; ; ) {
      const answer = await sendUntilAnswered(server, "POST", "/v1/reservations", body);
      if (answer.status === 409) {
        // It was taken, its answer was lost with the server, and it expired before it could be asked for again.
        await this.#release(server, body.id);
        body = { ...wish, id: `${wish.id}+${++tries}` };
        continue;
      }
      if (answer.status !== 200) throw new Error(`a reservation was answered: ${answer.text}`);
      const decision = JSON.parse(answer.text) as Decision;
      // Budgets were out of reach, so nothing was decided by them: asked again.
      if (decision.reasons.some(({ code }) => code === "degraded")) continue;
      if (decision.decision === "allow") this.#options.tally.allowed += 1;
      else this.#options.tally.refused += 1;
      return decision;
    }
  }

  async #tell(server: Server, event: ToldEvent): Promise<void> {
    const answer = await sendUntilAnswered(server, "POST", "/v1/events", event);
    if (answer.status !== 202) throw new Error(`an event was answered: ${answer.text}`);
    this.#options.tally.events.add(event.id);
  }

  async #release(server: Server, id: string): Promise<void> {
    const answer = await sendUntilAnswered(server, "DELETE", pathOf(id), null);
    if (answer.status >= 300) throw new Error(`a release was answered: ${answer.text}`);
  }

  async #renew(server: Server, id: string): Promise<void> {
    const answer = await sendUntilAnswered(server, "POST", `${pathOf(id)}/renew`, {});
    // On a machine that stood still meanwhile it has expired, and its event settles it all the same.
    if (answer.status !== 200 && answer.status !== 409)
      throw new Error(`a renewal was answered: ${answer.text}`);
  }
}

/** Where a reservation is renewed and given back. */
export function pathOf(reservationId: string): string {
  return `/v1/reservations/${encodeURIComponent(reservationId)}`;
}

/** What is tested is what happens at an instant. */
function untilClock(atMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, atMs - Date.now())));
}
