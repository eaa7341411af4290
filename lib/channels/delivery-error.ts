/** Why a notice was not taken, in words for people. Its message holds no secret: addresses of channels are secrets. */
export class DeliveryError extends Error {
  /** HTTP or SMTP status; null: no answer. */
  readonly status: number | null;
  /** How long the receiver asked to be left alone, milliseconds; null: it did not say. */
  readonly retryAfterMs: number | null;

  constructor(
    message: string,
    options: { status?: number | null; retryAfterMs?: number | null; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = "DeliveryError";
    this.status = options.status ?? null;
    this.retryAfterMs = options.retryAfterMs ?? null;
  }
}
