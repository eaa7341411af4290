/** Why a call was not made, or was stopped. Those of reservations are the contract's. */
export type HaltCode =
  | "kill_switch"
  | "missing_tags"
  | "budget_exceeded"
  | "budget_locked"
  | "no_price"
  | "no_output_cap"
  | "no_input_estimate"
  | "rate_limited"
  | "degraded"
  /** A limit of a run. */
  | "limit_reached"
  /** What was held for the call is held no longer. */
  | "hold_ended"
  /** Outlay is out of reach, and calls fail closed. */
  | "unreachable";

export interface Halt {
  code: HaltCode;
  /** For a person. */
  reason: string;
  /** Who engaged the switch. */
  by?: string | null;
  /** Since when and until when, RFC 3339. */
  at?: string | null;
  until?: string | null;
  budgetId?: string | null;
  /** What was halted: `global`, `project`, `agent`, …, `run`. */
  scope?: string | null;
  /** When trying again may help, milliseconds from now. */
  retryAfterMs?: number | null;
}

const BRAND = Symbol.for("@outlay/sdk.AgentHaltedError");

/** The agent may not go on: this call was not made, or was stopped. */
export class AgentHaltedError extends Error {
  override readonly name = "AgentHaltedError";
  readonly code: HaltCode;
  readonly reason: string;
  readonly by: string | null;
  readonly at: string | null;
  readonly until: string | null;
  readonly budgetId: string | null;
  readonly scope: string | null;
  readonly retryAfterMs: number | null;

  constructor(halt: Halt, options?: { cause?: unknown }) {
    super(halt.reason, options);
    this.code = halt.code;
    this.reason = halt.reason;
    this.by = halt.by ?? null;
    this.at = halt.at ?? null;
    this.until = halt.until ?? null;
    this.budgetId = halt.budgetId ?? null;
    this.scope = halt.scope ?? null;
    this.retryAfterMs = halt.retryAfterMs ?? null;
    Object.defineProperty(this, BRAND, { value: true });
  }

  /** True also for one of another copy of this package: a process may have loaded it as ESM and as CommonJS. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === "object" && value !== null && BRAND in value;
  }
}
