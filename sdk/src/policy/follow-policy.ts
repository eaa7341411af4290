import type { Api } from "../api.ts";
import { explainAnswer } from "../api.ts";
import { every, later } from "../later.ts";
import type { Answer } from "../platform/platform.ts";
import { followStream, type StreamFollower } from "./follow-stream.ts";
import { type Policy, readPolicy } from "./policy.ts";

/** How the policy is known: pushed, asked for, or out of date. */
export type PolicyState = "connecting" | "live" | "polling" | "stale" | "failed";

export interface PolicyFollower {
  /** The last one; null: none yet. */
  policy: Policy | null;
  state(): PolicyState;
  /** When it was last confirmed, ms since 1970; null: never. */
  confirmedAt(): number | null;
  lastError(): string | null;
  /** What a call waits for: the first policy, once; where nothing goes on between calls, one that is due. null: nothing. */
  awaited(): Promise<void> | null;
  /** The server's clock, ms since 1970: switches end by it. */
  serverNow(): number;
  /** Asks at once, as somebody knows of a newer version. */
  refresh(): void;
  close(): void;
}

export interface FollowOptions {
  /** False: it is asked for only. */
  isPushed: boolean;
  /** False: between calls no timer fires and no stream is read, so that each call must see to it. */
  goesOn: boolean;
  maxAgeMs: number;
  /** Called whenever another policy stands. */
  onChange(): void;
}

/** How long the first call waits for the first answer, once. */
const FIRST_MS = 3_000;
const TIMEOUT_MS = 5_000;
/** After a poll that failed; doubled each time, up to the time between two. */
const FAILED_MS = 500;
/** An older version is another server's that is behind; one that stays for so long is what is true now. */
const OLDER_MS = 30_000;
/** `Date` says whole seconds: below this the two clocks are the same. */
const CLOCK_MS = 2_000;

/** Follows the project's policy over the stream, and asks for it while there is none. */
export function followPolicy(api: Api, options: FollowOptions): PolicyFollower {
  return new Follower(api, options);
}

class Follower implements PolicyFollower {
  policy: Policy | null = null;
  readonly #api: Api;
  readonly #options: FollowOptions;
  readonly #stream: StreamFollower | null;
  readonly #stopPolling: () => void;
  #confirmedAt: number | null = null;
  #polledAt = 0;
  #isPolling = false;
  #pollFailures = 0;
  #etag: string | null = null;
  #olderSince: number | null = null;
  #lastError: string | null = null;
  #clockOffsetMs = 0;
  #isClosed = false;
  #isFirstOver = false;
  #settleFirst: () => void = () => undefined;
  readonly #first: Promise<void>;

  constructor(api: Api, options: FollowOptions) {
    this.#api = api;
    this.#options = options;
    this.#first = new Promise((resolve) => {
      this.#settleFirst = resolve;
    });
    later(FIRST_MS, () => {
      this.#isFirstOver = true;
      this.#settleFirst();
    });
    this.#stream = options.isPushed
      ? followStream(api, {
          onPolicy: (answer) => this.#take(answer),
          onAlive: () => this.#confirm(),
          onAnswer: (answer) => this.#readClock(answer),
          onDown: (error) => {
            this.#lastError = error ?? this.#lastError;
            void this.#poll();
          },
        })
      : null;
    // Looks oftener than it asks, so that a policy is asked for when it is due.
    this.#stopPolling = every(500, () => {
      const ttlMs = this.policy?.ttlMs ?? 5_000;
      // One that failed is asked for again sooner: a lost answer must not cost a whole round more.
      const waitMs = Math.min(ttlMs, FAILED_MS * 2 ** (this.#pollFailures - 1));
      const dueMs = this.#pollFailures === 0 ? ttlMs : waitMs;
      if (!this.#stream?.isLive() && Date.now() - this.#polledAt >= dueMs) void this.#poll();
    });
    if (!this.#stream) void this.#poll();
  }

  state(): PolicyState {
    const at = this.#confirmedAt;
    if (at === null) return this.#isFirstOver ? "failed" : "connecting";
    const ageMs = Date.now() - at;
    if (ageMs > this.#options.maxAgeMs) return "failed";
    if (this.#stream?.isLive()) return "live";
    return ageMs <= 3 * (this.policy?.ttlMs ?? 5_000) ? "polling" : "stale";
  }

  confirmedAt(): number | null {
    return this.#confirmedAt;
  }

  lastError(): string | null {
    return this.#lastError;
  }

  awaited(): Promise<void> | null {
    if (this.policy && !this.#options.goesOn) {
      const isDue = Date.now() - (this.#confirmedAt ?? 0) >= this.policy.ttlMs;
      // Another call's request may be over, and its answer with it: this one has its own.
      return isDue ? this.#ask() : null;
    }
    return !this.policy && this.state() === "connecting" ? this.#waitForFirst() : null;
  }

  #waitForFirst(): Promise<void> {
    // Somebody waits for it: that keeps the process, as what goes on in the background does not.
    const timer = setTimeout(this.#settleFirst, FIRST_MS);
    return this.#first.finally(() => clearTimeout(timer));
  }

  serverNow(): number {
    return Date.now() + this.#clockOffsetMs;
  }

  refresh(): void {
    void this.#poll();
  }

  close(): void {
    this.#isClosed = true;
    this.#stopPolling();
    this.#stream?.close();
    this.#settleFirst();
  }

  async #poll(): Promise<void> {
    if (this.#isPolling || this.#isClosed) return;
    this.#isPolling = true;
    await this.#ask();
    this.#isPolling = false;
  }

  async #ask(): Promise<void> {
    this.#polledAt = Date.now();
    try {
      const headers = this.#etag === null ? {} : { "if-none-match": this.#etag };
      const answer = await this.#api.ask({ path: "/v1/policy", headers, timeoutMs: TIMEOUT_MS });
      this.#readClock(answer);
      this.#pollFailures = answer.status < 500 ? 0 : this.#pollFailures + 1;
      if (answer.status === 304) this.#confirm();
      else if (answer.status === 200) {
        // Only of an answer that was taken: else its 304 would stand for another one.
        this.#etag = this.#take(JSON.parse(answer.text)) ? answer.header("etag") : null;
      } else this.#lastError = explainAnswer(answer);
    } catch (error) {
      this.#pollFailures++;
      this.#lastError = String(error);
    }
  }

  /** @returns whether it stands now */
  #take(answer: unknown): boolean {
    const policy = readPolicy(answer);
    const now = Date.now();
    if (this.policy && policy.version < this.policy.version) {
      this.#olderSince ??= now;
      if (now - this.#olderSince < OLDER_MS) return false;
    } else if (this.policy && policy.version > this.policy.version) this.#olderSince = null;
    if (this.#isClosed) return false;
    this.policy = policy;
    this.#confirm();
    this.#settleFirst();
    this.#options.onChange();
    return true;
  }

  #confirm(): void {
    if (this.policy) this.#confirmedAt = Date.now();
  }

  #readClock(answer: Pick<Answer, "header">): void {
    const at = Date.parse(answer.header("date") ?? "");
    if (Number.isNaN(at)) return;
    const offsetMs = at - Date.now();
    this.#clockOffsetMs = Math.abs(offsetMs) > CLOCK_MS ? offsetMs : 0;
  }
}
