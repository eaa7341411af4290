import { AgentHaltedError } from "../halted-error.ts";
import { responseReader } from "../providers/response-reader.ts";
import type { LlmContext, LlmGuard, LlmTags, ReadCall, StreamEnd } from "../types.ts";

export interface PlainCall {
  tags: LlmTags;
  read: ReadCall | null;
  how: StreamEnd["how"];
  error?: unknown;
  outputBytes?: number;
  isFirstTold?: boolean;
}

export interface PlainGuard {
  guard: LlmGuard;
  /** Calls that have ended. */
  calls: readonly PlainCall[];
  /** The only one. */
  one(): PlainCall;
  halt(): void;
}

/** The guard's side of what wrappers speak with it, without switches and budgets: it lets a call through and keeps what was read. */
export function openPlainGuard({ reroute }: { reroute?: string } = {}): PlainGuard {
  const calls: PlainCall[] = [];
  const switched = new AbortController();
  const llm = async <T>(
    call: (context: LlmContext) => T | PromiseLike<T>,
    tags: LlmTags,
    reader = responseReader,
  ): Promise<Awaited<T>> => {
    if (switched.signal.aborted) throw switched.signal.reason;
    const signals = [switched.signal, tags.signal].filter(
      (signal) => signal instanceof AbortSignal,
    );
    const signal = AbortSignal.any(signals);
    const hint = { provider: tags.provider };
    const entry: PlainCall = { tags, read: null, how: "done" };
    try {
      const model = reroute ?? tags.model;
      const answer = await call({ signal, model, headers: {}, reservationId: null });
      if (reader.isStream(answer)) {
        return reader.tapStream(answer, {
          signal,
          hint,
          onFirst: () => {
            entry.isFirstTold = true;
          },
          onEnd: (end) => calls.push(Object.assign(entry, end)),
        });
      }
      calls.push({ ...entry, read: reader.readResponse(answer, hint) });
      return answer;
    } catch (error) {
      calls.push({ ...entry, how: "error", error });
      throw switched.signal.aborted ? switched.signal.reason : error;
    }
  };
  return {
    guard: { llm },
    calls,
    one: () => {
      const [call, ...others] = calls;
      if (!call || others.length > 0) throw new Error(`${calls.length} calls have ended, not one`);
      return call;
    },
    halt: () =>
      switched.abort(new AgentHaltedError({ code: "kill_switch", reason: "switched off by ada" })),
  };
}
