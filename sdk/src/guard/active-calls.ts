import { AgentHaltedError } from "../halted-error.ts";
import { linkSignal } from "../link-signal.ts";
import { findSwitch, haltOfSwitch } from "../policy/match-switch.ts";
import type { KillSwitch, PolicyTags } from "../policy/policy.ts";

/** A call that may be made or is under way, and the signal by which it is stopped. */
export interface ActiveCall {
  readonly signal: AbortSignal;
  /** Why it was stopped; null: it was not, or by its caller. */
  error(): AgentHaltedError | null;
  /** @throws what stopped it */
  throwIfStopped(): void;
  halt(error: AgentHaltedError): void;
  /** It goes by another model too. */
  reroute(model: string): void;
  end(): void;
}

export interface ActiveCalls {
  begin(tags: PolicyTags, signal: AbortSignal | null | undefined): ActiveCall;
  /** Stops those that a switch is about, before it returns. @returns how many */
  haltBy(switches: readonly KillSwitch[], nowMs: number): number;
  count(): number;
}

export function createActiveCalls(): ActiveCalls {
  const calls = new Set<Active>();
  const onEnd = (ended: Active) => void calls.delete(ended);
  return {
    begin(tags, signal) {
      const call = new Active(tags, signal, onEnd);
      calls.add(call);
      return call;
    },
    haltBy(switches, nowMs) {
      if (switches.length === 0) return 0;
      let halted = 0;
      for (const call of [...calls]) {
        const found = call.tags.map((tags) => findSwitch(switches, tags, nowMs)).find(Boolean);
        if (!found || call.error()) continue;
        halted++;
        call.halt(new AgentHaltedError(haltOfSwitch(found)));
      }
      return halted;
    },
    count: () => calls.size,
  };
}

class Active implements ActiveCall {
  readonly tags: PolicyTags[];
  readonly #given: AbortSignal | null | undefined;
  readonly #onEnd: (call: Active) => void;
  #controller: AbortController | null = null;
  #unlink: (() => void) | null = null;
  #error: AgentHaltedError | null = null;

  constructor(
    tags: PolicyTags,
    given: AbortSignal | null | undefined,
    onEnd: (call: Active) => void,
  ) {
    this.tags = [tags];
    this.#given = given;
    this.#onEnd = onEnd;
  }

  get signal(): AbortSignal {
    if (!this.#controller) {
      this.#controller = new AbortController();
      if (this.#error) this.#controller.abort(this.#error);
      else this.#unlink = linkSignal(this.#given, this.#controller);
    }
    return this.#controller.signal;
  }

  error(): AgentHaltedError | null {
    return this.#error;
  }

  throwIfStopped(): void {
    if (this.#error) throw this.#error;
    if (this.#given?.aborted) throw this.#given.reason;
  }

  halt(error: AgentHaltedError): void {
    if (this.#error || this.#given?.aborted) return;
    this.#error = error;
    this.#controller?.abort(error);
  }

  reroute(model: string): void {
    const [own] = this.tags;
    if (own) this.tags.push({ ...own, model });
  }

  end(): void {
    this.#unlink?.();
    this.#onEnd(this);
  }
}
