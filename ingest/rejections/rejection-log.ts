import type { SentEvent } from "@/ingest/events/read-events";
import { describeFault, type Fault } from "@/ingest/rejections/describe-fault";
import { type RefusedPart, toSampleBody } from "@/ingest/rejections/to-sample-body";
import type { FaultCount, RefusedSample, SetAside } from "@/ingest/spool/set-aside";
import type { FieldError } from "@/lib/errors";

/** An event of a request that was not accepted, by its place there. */
interface Refusal {
  index: number;
  id: string | null;
  errors: readonly FieldError[];
}

/** Whose request it was. */
interface Origin {
  projectId: string;
  apiKeyId: string;
  nowMs: number;
}

/** Samples of one fault that are kept in an hour: a sender that is wrong is wrong ten thousand times. */
const SAMPLES_AN_HOUR = 20;
/** Different faults of a project on a day; the rest are one. Names of fields are a sender's, and can be endless. */
const FAULTS_A_DAY = 500;
const OTHER: Fault = { fingerprint: "other", message: "other faults" };
/** Samples that wait for PostgreSQL on disk, and those that wait for the disk. */
const MAX_WAITING = { samples: 10_000, bytes: 64 * 1024 * 1024 };
const MAX_PENDING_BYTES = 16 * 1024 * 1024;
/** After so many the event loop gets a turn, as in accepting. */
const REFUSALS_PER_TURN = 250;
const HOUR_MS = 3_600_000;
const MAX_ERROR_TEXT = 500;

/**
 * Remembers what was not accepted: every one counted, a few of each fault kept as samples. It works in memory, and
 * writes to the spool's set-aside store when told: a request that holds a bad event waits for no disk.
 */
export class RejectionLog {
  readonly #setAside: SetAside;
  readonly #onNoted: () => void;
  #pending: RefusedSample[] = [];
  #pendingBytes = 0;
  #counts = new Map<string, FaultCount>();
  #hour = 0;
  #sampled = new Map<string, number>();
  #day = "";
  #faults = new Map<string, Set<string>>();

  /** @param onNoted called when there is something to write. */
  constructor(setAside: SetAside, onNoted: () => void) {
    this.#setAside = setAside;
    this.#onNoted = onNoted;
  }

  /** Notes what of a request was not accepted. */
  async note(
    sent: readonly (SentEvent | RefusedPart)[],
    refused: { rejected: readonly Refusal[]; conflicts: readonly Refusal[] },
    origin: Origin,
  ): Promise<void> {
    this.#turnTheHour(origin.nowMs);
    let noted = 0;
    for (const kind of ["rejected", "conflict"] as const) {
      for (const refusal of kind === "rejected" ? refused.rejected : refused.conflicts) {
        if (++noted % REFUSALS_PER_TURN === 0) await new Promise(setImmediate);
        const event = sent[refusal.index];
        if (event) this.#noteOne(kind, event, refusal, origin);
      }
    }
    this.#onNoted();
  }

  /**
   * Writes what was noted, flushed when it resolves; a failure keeps it for the next time.
   * @param withCounts false leaves the counts in memory, where they add up: while PostgreSQL is away, each write of
   * them is one more entry.
   */
  async flush(withCounts: boolean): Promise<void> {
    const samples = this.#pending;
    const counts = withCounts ? [...this.#counts.values()] : [];
    if (samples.length === 0 && counts.length === 0) return;
    const entries = [
      ...samples,
      ...(counts.length > 0 ? [{ kind: "counts" as const, counts }] : []),
    ];
    const bytes = this.#pendingBytes;
    this.#pending = [];
    this.#pendingBytes = 0;
    if (withCounts) this.#counts = new Map();
    try {
      await this.#setAside.add(entries, MAX_WAITING);
    } catch (error) {
      this.#pending = [...samples, ...this.#pending];
      this.#pendingBytes += bytes;
      for (const count of counts) this.#count(count);
      throw error;
    }
  }

  #noteOne(
    kind: "rejected" | "conflict",
    event: SentEvent | RefusedPart,
    refusal: Refusal,
    origin: Origin,
  ) {
    const { projectId, apiKeyId, nowMs } = origin;
    const fault = this.#bound(projectId, describeFault(kind, refusal.errors));
    const day = this.#day;
    this.#count({ projectId, day, kind, ...fault, events: 1, lastAtMs: nowMs });
    const key = `${projectId} ${kind} ${fault.fingerprint}`;
    const sampled = this.#sampled.get(key) ?? 0;
    if (sampled >= SAMPLES_AN_HOUR || this.#pendingBytes > MAX_PENDING_BYTES) return;
    this.#sampled.set(key, sampled + 1);
    const sample: RefusedSample = {
      kind,
      projectId,
      apiKeyId,
      fingerprint: fault.fingerprint,
      eventId: refusal.id,
      errors: refusal.errors.map(({ path, message }) => {
        return { path: path.slice(0, MAX_ERROR_TEXT), message: message.slice(0, MAX_ERROR_TEXT) };
      }),
      ...toSampleBody(event),
      receivedAtMs: nowMs,
    };
    this.#pending.push(sample);
    this.#pendingBytes += sample.body.length;
  }

  #count(more: FaultCount): void {
    const key = `${more.projectId} ${more.day} ${more.kind} ${more.fingerprint}`;
    const count = this.#counts.get(key);
    if (!count) {
      this.#counts.set(key, more);
      return;
    }
    count.events += more.events;
    count.lastAtMs = Math.max(count.lastAtMs, more.lastAtMs);
  }

  #bound(projectId: string, fault: Fault): Fault {
    const faults = this.#faults.get(projectId) ?? new Set();
    if (faults.has(fault.fingerprint)) return fault;
    if (faults.size >= FAULTS_A_DAY) return OTHER;
    this.#faults.set(projectId, faults.add(fault.fingerprint));
    return fault;
  }

  #turnTheHour(nowMs: number): void {
    const hour = Math.floor(nowMs / HOUR_MS);
    if (hour === this.#hour) return;
    this.#hour = hour;
    this.#sampled.clear();
    const day = new Date(nowMs).toISOString().slice(0, 10);
    if (day !== this.#day) this.#faults.clear();
    this.#day = day;
  }
}
