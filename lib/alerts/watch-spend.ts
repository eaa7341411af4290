import type { ClickHouse } from "@/db/clickhouse/client";
import type { Db } from "@/db/postgres";
import { resolveAlertRows } from "@/db/queries/alerts";
import { listProjectRows } from "@/db/queries/projects";
import { listOpenAlertsOf } from "@/db/queries/watched-alerts";
import { readAlertRow } from "@/lib/alerts/alert-row";
import { findForecasts } from "@/lib/alerts/find-forecasts";
import { findSilences } from "@/lib/alerts/find-silences";
import { findSpikes } from "@/lib/alerts/find-spikes";
import { findUnpriced, type Unremarkable } from "@/lib/alerts/find-unpriced";
import { readAlertRules } from "@/lib/alerts/read-alert-rules";
import { recordAlerts } from "@/lib/alerts/record-alert";
import { SourceMemory } from "@/lib/alerts/source-memory";
import type { Found, WatchContext } from "@/lib/alerts/watch-context";
import type { Env } from "@/lib/env";
import type { PriceBookHolder } from "@/lib/prices/price-book-holder";
import type { Freshness } from "@/lib/runtime";
import { getSettings } from "@/lib/settings/get-settings";

const WATCHED_KINDS = ["spike", "forecast", "silence", "unpriced"] as const;
/** Further behind, and events that were refused meanwhile may still be with their senders. */
const BEHIND_MS = 300_000;

export interface WatchOptions {
  clickhouse: ClickHouse;
  db: Db;
  prices: Pick<PriceBookHolder, "matchModel">;
  env: Pick<Env, "timeZone">;
  /** How far the calls reach. */
  freshness(): Promise<Freshness | null>;
  now(): number;
}

/** What a look of the watch did. */
export interface Watched {
  recorded: number;
  resolved: number;
}

/**
 * Looks for spikes, forecasts, silence and missing prices, records what is new and ends what is over. One of it a
 * process: it remembers when each source was heard of last.
 */
export class SpendWatch {
  readonly #options: WatchOptions;
  readonly #sources = new SourceMemory();
  readonly #unremarkable: Unremarkable = new Map();
  /** Since when events could reach us without a break, as far as this process knows. */
  #sinceMs: number;

  constructor(options: WatchOptions) {
    this.#options = options;
    // Nobody could send to a process that was not there.
    this.#sinceMs = options.now();
  }

  /**
   * One look. What one kind cannot be told of, because a store is away, does not keep the others from being told; what
   * was told stays as it is until somebody knows better.
   * @param mustStop asked before each kind: the process ends
   * @throws the first of what failed
   */
  async look(mustStop: () => boolean = () => false): Promise<Watched> {
    const context = await this.#begin();
    const done: Watched = { recorded: 0, resolved: 0 };
    const failures: unknown[] = [];
    for (const find of this.#kinds(context)) {
      if (mustStop()) break;
      try {
        const { recorded, resolved } = await this.#keep(context, await find(context));
        done.recorded += recorded;
        done.resolved += resolved;
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
    return done;
  }

  async #begin(): Promise<WatchContext & { isFresh: boolean }> {
    const { clickhouse, db, prices, env, freshness, now } = this.#options;
    const nowMs = now();
    const fresh = await freshness();
    const freshMs = Math.min(nowMs, fresh?.freshToMs ?? 0);
    if (nowMs - freshMs > BEHIND_MS) this.#sinceMs = nowMs;
    const [rules, projects, open, settings] = await Promise.all([
      readAlertRules(db),
      listProjectRows(db),
      listOpenAlertsOf(db, WATCHED_KINDS),
      getSettings(db, env),
    ]);
    return {
      clickhouse,
      db,
      prices,
      rules,
      projectIds: projects.map(({ id }) => id),
      open: open.map(readAlertRow),
      timeZone: settings.time_zone,
      freshMs,
      nowMs,
      isFresh: fresh !== null,
    };
  }

  #kinds({ isFresh }: { isFresh: boolean }): ((context: WatchContext) => Promise<Found>)[] {
    // How far the calls reach is not known: nothing that is read from them would be of a known hour.
    if (!isFresh) return [findForecasts];
    return [
      findForecasts,
      findSpikes,
      (context) => findSilences(context, this.#sources, this.#sinceMs),
      (context) => findUnpriced(context, this.#unremarkable),
    ];
  }

  async #keep(context: WatchContext, { alerts, overIds }: Found): Promise<Watched> {
    // What is told already is found in every look.
    const told = new Set(context.open.map(({ key }) => key));
    const unknown = alerts.filter(({ key }) => !told.has(key));
    if (unknown.length === 0 && overIds.length === 0) return { recorded: 0, resolved: 0 };
    return context.db.transaction(async (tx) => {
      const resolved = await resolveAlertRows(tx, overIds, new Date(context.nowMs));
      const recorded = await recordAlerts(tx, unknown);
      return { recorded: recorded.length, resolved: resolved.length };
    });
  }
}
