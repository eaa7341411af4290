import { type Api, explainAnswer, retryAfterOf } from "../api.ts";
import { every, jitter, later } from "../later.ts";
import type { Answer, OpenAnswer } from "../platform/platform.ts";
import { createSseParser } from "../sse-parser.ts";

export interface StreamListener {
  /** @throws where it is no policy: the stream is opened anew */
  onPolicy(answer: unknown): void;
  /** Something came: what was told last still stands. */
  onAlive(): void;
  onAnswer(answer: Pick<Answer, "header">): void;
  /** There is none now. @param error null: it ended as streams do */
  onDown(error: string | null): void;
}

export interface StreamFollower {
  isLive(): boolean;
  close(): void;
}

/** The server says something every 15 s: two of them missed, and nobody is there. */
const SILENT_MS = 35_000;
const OPEN_MS = 10_000;
const FIRST_RETRY_MS = 1_000;
const MAX_RETRY_MS = 5_000;
/** A key or an address that is wrong, and a server that has no stream. */
const REFUSED_MS = 30_000;

/** Keeps `GET /v1/policy/stream` open until it is closed; comes back after a random part of a second, then more slowly. */
export function followStream(api: Api, listener: StreamListener): StreamFollower {
  return new Stream(api, listener);
}

class Stream implements StreamFollower {
  readonly #api: Api;
  readonly #listener: StreamListener;
  readonly #stopWatching: () => void;
  #open: OpenAnswer | null = null;
  #isClosed = false;
  #heardAt = 0;
  /** It has told a policy: not only that it is there. */
  #hasTold = false;
  #retryMs = FIRST_RETRY_MS;
  #failures = 0;
  #cancelRetry: () => void = () => undefined;

  constructor(api: Api, listener: StreamListener) {
    this.#api = api;
    this.#listener = listener;
    this.#stopWatching = every(1_000, () => {
      if (this.#open && Date.now() - this.#heardAt > SILENT_MS) this.#open.close();
    });
    void this.#connect();
  }

  isLive(): boolean {
    return this.#open !== null && this.#hasTold && Date.now() - this.#heardAt <= SILENT_MS;
  }

  close(): void {
    this.#isClosed = true;
    this.#stopWatching();
    this.#cancelRetry();
    this.#open?.close();
  }

  async #connect(): Promise<void> {
    let waitMs: number | null = null;
    let error: string | null = null;
    try {
      this.#hasTold = false;
      this.#heardAt = Date.now();
      const open = await this.#api.open("/v1/policy/stream", OPEN_MS, this.#makeReader());
      this.#listener.onAnswer(open);
      if (this.#isClosed) open.close();
      if (open.status === 200) {
        this.#open = open;
        await open.ended;
      } else {
        error = `The policy's stream was not opened: ${explainAnswer({ ...open, text: "" })}`;
        waitMs =
          retryAfterOf(open) ?? (open.status < 500 && open.status !== 429 ? REFUSED_MS : null);
      }
    } catch (thrown) {
      error = String(thrown);
    }
    this.#open = null;
    if (this.#isClosed) return;
    this.#comeBack(waitMs);
    this.#listener.onDown(error);
  }

  #comeBack(waitMs: number | null): void {
    // After a server that was there: at once, but not all at the same moment.
    const first = Math.random() * this.#retryMs;
    const slower = jitter(Math.min(MAX_RETRY_MS, this.#retryMs * 2 ** this.#failures));
    const delayMs = waitMs ?? (this.#failures === 0 ? first : slower);
    this.#failures++;
    this.#cancelRetry = later(delayMs, () => void this.#connect());
  }

  #makeReader(): (piece: string) => void {
    const parse = createSseParser({
      onEvent: ({ event, data }) => {
        if (event !== "policy") return;
        this.#listener.onPolicy(JSON.parse(data));
        this.#hasTold = true;
        this.#failures = 0;
      },
      onRetry: (ms) => {
        this.#retryMs = Math.min(Math.max(ms, 100), MAX_RETRY_MS);
      },
    });
    return (piece) => {
      this.#heardAt = Date.now();
      try {
        parse(piece);
        if (this.#hasTold) this.#listener.onAlive();
      } catch {
        // What cannot be read is asked for, and the stream begins anew.
        this.#open?.close();
      }
    };
  }
}
