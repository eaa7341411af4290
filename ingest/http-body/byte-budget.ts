import { OutlayError } from "@/lib/errors";

const RETRY_SECONDS = 1;

/**
 * Bounds the bytes of unpacked bodies that all requests together hold in memory. A request past it is told
 * to come back: a process that dies of its own queue would lose the requests it was still reading.
 */
export class ByteBudget {
  readonly #maxBytes: number;
  #takenBytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** @throws OutlayError `unavailable` with Retry-After where that much is not left. */
  take(bytes: number): void {
    if (this.#takenBytes + bytes > this.#maxBytes) {
      throw new OutlayError("unavailable", "Too much is being received at once. Send it again.", {
        retryAfterSeconds: RETRY_SECONDS,
      });
    }
    this.#takenBytes += bytes;
  }

  give(bytes: number): void {
    this.#takenBytes -= bytes;
  }
}
