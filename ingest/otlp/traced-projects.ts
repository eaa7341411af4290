import type { ClickHouse } from "@/db/clickhouse/client";
import { listTracedProjects } from "@/db/clickhouse/queries/list-trace-spans";
import { toTouchRow } from "@/ingest/otlp/span-row";
import type { Spool } from "@/ingest/spool/open-spool";

/**
 * Which projects ever sent a span: an event of such a one may be a call that a span tells of too, so its trace is linked
 * again. Every other project's events go as if there were no spans at all.
 */
export class TracedProjects {
  readonly #clickhouse: ClickHouse;
  readonly #spool: Spool;
  readonly #projects = new Set<string>();
  #refreshAtMs = 0;
  /** The store was asked once. Until then any project may have spans: to link a trace for nothing loses nothing. */
  #isKnown = false;

  /** @param spool of spans */
  constructor(clickhouse: ClickHouse, spool: Spool) {
    this.#clickhouse = clickhouse;
    this.#spool = spool;
  }

  note(projectId: string): void {
    this.#projects.add(projectId);
  }

  has(projectId: string): boolean {
    if (Date.now() >= this.#refreshAtMs) void this.refresh();
    return !this.#isKnown || this.#projects.has(projectId);
  }

  /** Learns of those that send their spans to other processes. A store that is away changes nothing of what is known. */
  async refresh(): Promise<void> {
    this.#refreshAtMs = Date.now() + REFRESH_MS;
    const projects = await listTracedProjects(this.#clickhouse).catch(() => null);
    if (projects === null) return;
    for (const project of projects) this.#projects.add(project);
    this.#isKnown = true;
  }

  /** The spool of spans takes more. */
  hasRoom(): boolean {
    return this.#spool.hasRoom([]);
  }

  /** Has the traces of events linked again. Resolves when that is flushed. @param events of a traced project */
  async touch(
    projectId: string,
    events: readonly { traceId: string; timestampUs: number }[],
  ): Promise<void> {
    const traces = new Map(events.map((event) => [`${event.traceId} ${bucketOf(event)}`, event]));
    const rows = [...traces.values()].map(({ traceId, timestampUs }) =>
      toTouchRow(projectId, traceId, timestampUs),
    );
    if (rows.length > 0) await this.#spool.append(rows);
  }
}

const REFRESH_MS = 10_000;

function bucketOf({ timestampUs }: { timestampUs: number }): number {
  return Math.floor(timestampUs / 900e6);
}
