import type { ClickHouse } from "@/db/clickhouse/client";
import type { Postgres } from "@/db/postgres";
import type { Log } from "@/lib/log";
import type { PriceBookHolder } from "@/lib/prices/price-book-holder";

/** What working a correction off takes. */
export interface CorrectionContext {
  clickhouse: ClickHouse;
  postgres: Pick<Postgres, "kind" | "db">;
  prices: Pick<PriceBookHolder, "priceCall">;
  log: Log;
  /** A name goes out of what is stored of a project: what this process remembers of it goes too. */
  onErase?: (projectId: string) => void;
  /** Asked between batches. */
  mustStop?: () => boolean;
}
