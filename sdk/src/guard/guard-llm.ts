import { cleanText } from "../clean-text.ts";
import { errorTypeOf, isUnsent } from "../error-type.ts";
import { estimateTokens, tokensOfBytes } from "../estimate.ts";
import type { AgentHaltedError } from "../halted-error.ts";
import type { EventFields } from "../queue/recorder.ts";
import { keepHold } from "../reservations/keep-hold.ts";
import { toTraceparent } from "../trace-ids.ts";
import type {
  ErrorType,
  LlmContext,
  LlmTags,
  ReadCall,
  ResponseReader,
  StreamEnd,
  Usage,
} from "../types.ts";
import type { ActiveCall } from "./active-calls.ts";
import { type Admission, admitCall, priceFirst } from "./admit-call.ts";
import { askLlm, NO_COUNTS } from "./ask-llm.ts";
import type { AskedCall } from "./asked-call.ts";
import { callEvent } from "./call-event.ts";
import { type CountedCall, countCall } from "./end-call.ts";
import type { GuardDeps } from "./guard-deps.ts";

/** Guards one call of a model: see `LlmGuard.llm`. */
export async function guardLlm<T>(
  call: (context: LlmContext) => T | PromiseLike<T>,
  tags: LlmTags,
  reader: ResponseReader,
  deps: GuardDeps,
): Promise<Awaited<T>> {
  const asked = askLlm(tags, deps);
  const active = deps.active.begin(asked.policyTags, tags.signal);
  let admission: Admission;
  try {
    deps.heartbeats.see(asked.policyTags.agent);
    const priced = priceFirst(asked, deps);
    if (priced) await priced;
    active.throwIfStopped();
    const admitted = admitCall(asked, active, deps);
    admission = admitted instanceof Promise ? await admitted : admitted;
    active.throwIfStopped();
  } catch (error) {
    active.end();
    throw error;
  }
  const made = new MadeCall(asked, tags, admission, active, deps);
  return made.make(call, reader);
}

/** One that was let through, until its response was read to the end. */
class MadeCall {
  readonly #asked: AskedCall;
  readonly #tags: LlmTags;
  readonly #admission: Admission;
  readonly #active: ActiveCall;
  readonly #deps: GuardDeps;
  readonly #counted: CountedCall;
  readonly #stopHold: () => void;
  readonly #startedAt = Date.now();
  readonly #begunAt = performance.now();
  #firstMs: number | null = null;

  constructor(
    asked: AskedCall,
    tags: LlmTags,
    admission: Admission,
    active: ActiveCall,
    deps: GuardDeps,
  ) {
    this.#asked = asked;
    this.#tags = tags;
    this.#admission = admission;
    this.#active = active;
    this.#deps = deps;
    if (admission.model !== null) active.reroute(admission.model);
    this.#counted = countCall(asked, admission.policy, deps);
    const { reservationId: id, expiresAtMs } = admission;
    const stop = (error: AgentHaltedError) => active.halt(error);
    this.#stopHold =
      id !== null && expiresAtMs !== null
        ? keepHold(id, expiresAtMs, deps.hold, stop)
        : () => undefined;
  }

  async make<T>(
    call: (context: LlmContext) => T | PromiseLike<T>,
    reader: ResponseReader,
  ): Promise<Awaited<T>> {
    const hint = { provider: this.#tags.provider, content: this.#deps.sendsContent };
    const active = this.#active;
    let response: Awaited<T>;
    try {
      response = await call({
        // Made when it is asked for: a controller costs more than the checks.
        get signal() {
          return active.signal;
        },
        model: this.#admission.model ?? this.#tags.model,
        headers: { traceparent: toTraceparent(this.#asked) },
        reservationId: this.#admission.reservationId,
      });
    } catch (error) {
      this.#fail(error);
      // What it throws when its signal falls says less than why that fell.
      throw this.#active.error() ?? error;
    }
    try {
      if (reader.isStream(response)) {
        const onFirst = () => {
          this.#firstMs ??= performance.now() - this.#begunAt;
        };
        const onEnd = (end: StreamEnd) => this.#endStream(end);
        return reader.tapStream(response, { onFirst, onEnd, signal: active.signal, hint });
      }
      this.#end(reader.readResponse(response, hint), null, null);
    } catch (fault) {
      // A response that we cannot read is the caller's all the same.
      this.#deps.onFault(fault);
      this.#end(null, null, null);
    }
    return response;
  }

  #fail(error: unknown): void {
    const type = this.#active.error() ? "cancelled" : errorTypeOf(error);
    // It is known that nothing was used.
    if (isUnsent(error)) this.#end(UNSENT, type, null);
    else this.#end(null, type, null);
  }

  #endStream({ read, how, error, outputBytes }: StreamEnd): void {
    const failed = how === "done" ? null : how === "cancelled" ? "cancelled" : errorTypeOf(error);
    const isWhole = how === "done" && read !== null && (read.rawUsage ?? read.usage) !== null;
    this.#end(read, failed, isWhole ? null : this.#estimate(read, outputBytes));
  }

  /** Of a stream that was cut, or does not say what it used: what is known of it, and the rest by its bytes. */
  #estimate(read: ReadCall | null, outputBytes: number): Usage {
    const { model } = this.#tags;
    const input = read?.inputTokens ?? this.#countInput();
    const output = Math.max(read?.outputTokens ?? 0, tokensOfBytes(outputBytes, model));
    return {
      ...(input === null ? {} : { input_tokens: input }),
      ...(read?.inputTokens && read.cacheReadTokens
        ? { cache_read_tokens: read.cacheReadTokens }
        : {}),
      // For how long it was written a cut stream need not say; five minutes is what providers do unless asked.
      ...(read?.inputTokens && read.cacheWriteTokens
        ? { cache_write_5m_tokens: read.cacheWriteTokens }
        : {}),
      output_tokens: output,
    };
  }

  #countInput(): number | null {
    const { input, model, estimated_usage } = this.#tags;
    if (estimated_usage?.input_tokens !== undefined) return estimated_usage.input_tokens;
    return input === undefined ? null : estimateTokens(input, model, this.#deps.countTokens);
  }

  /** @param estimate instead of what the response says @param failed null: it did not */
  #end(read: ReadCall | null, failed: ErrorType | null, estimate: Usage | null): void {
    this.#stopHold();
    this.#active.end();
    const durationMs = performance.now() - this.#begunAt;
    const errorType = failed ?? read?.errorType ?? null;
    const { reservationId } = this.#admission;
    const event = callEvent(this.#asked, this.#startedAt, durationMs, reservationId);
    this.#describe(event, read, estimate);
    event.status = errorType === null ? "ok" : "error";
    event.error_type = errorType ?? undefined;
    event.time_to_first_token_ms = this.#firstMs ?? undefined;
    const sequence = this.#deps.recorder.record(event);
    const isFree = read === null && errorType !== null && NOT_BILLED.has(errorType);
    this.#counted.end({
      counts: isFree ? NO_COUNTS : estimate ? toCounts(read, estimate) : read,
      usd: null,
      seconds: durationMs / 1000,
      sequence,
    });
  }

  #describe(event: EventFields, read: ReadCall | null, estimate: Usage | null): void {
    const tags = this.#tags;
    event.provider = cleanText(read?.provider ?? tags.provider);
    event.model = cleanText(read?.model ?? this.#admission.model ?? tags.model);
    event.requested_model = cleanText(tags.model);
    event.name = cleanText(tags.name);
    event.attempt = tags.attempt;
    if (estimate) {
      event.usage = estimate;
      event.usage_source = "estimated";
    } else if (read?.rawUsage) event.raw_usage = read.rawUsage;
    else event.usage = read?.usage ?? undefined;
    event.service_tier = TIERS.has(read?.serviceTier ?? "") ? read?.serviceTier : undefined;
    event.inference_geo = cleanText(read?.inferenceGeo ?? tags.inference_geo);
    event.provider_account = cleanText(tags.provider_account);
    event.routing = tags.routing;
    if (read?.responseId)
      event.metadata = { ...this.#asked.tags.metadata, response_id: read.responseId };
    if (!this.#deps.sendsContent) return;
    event.content = { ...tags.content, completion: read?.completion ?? tags.content?.completion };
  }
}

function toCounts(read: ReadCall | null, { input_tokens, output_tokens }: Usage): ReadCall {
  const tokens = { inputTokens: input_tokens ?? null, outputTokens: output_tokens ?? null };
  return { ...NO_COUNTS, ...read, ...tokens };
}

const UNSENT: ReadCall = { ...NO_COUNTS, usage: { input_tokens: 0, output_tokens: 0 } };

/** As the contract's `service_tier` may be; another word would have the whole event refused. */
const TIERS: ReadonlySet<string> = new Set([
  "standard",
  "batch",
  "flex",
  "priority",
  "fast",
  "default",
  "auto",
  "on_demand",
]);
const NOT_BILLED: ReadonlySet<string> = new Set(["rate_limit", "authentication", "validation"]);
