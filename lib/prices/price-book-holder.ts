import type { Db } from "@/db/postgres";
import { listAllPriceRows } from "@/db/queries/prices";
import type { Log } from "@/lib/log";
import type { DearestPrices, DearestQuery } from "@/lib/prices/dearest-prices";
import type { PriceableCall, PricedCall } from "@/lib/prices/price";
import { createPriceBook, type ModelMatch, type PriceBook } from "@/lib/prices/price-book";
import { toPriceOverride } from "@/lib/prices/price-row";

/** The current price book, swapped whole when an override changes, so that one call never sees half a change. */
export interface PriceBookHolder {
  priceCall(call: PriceableCall): PricedCall;
  /** Which catalogue model a name is taken for today, or why none. */
  matchModel(provider: string | null, model: string | null, projectId: string): ModelMatch;
  /** The highest prices that a call can come to which has not happened yet. */
  dearestPrices(query: DearestQuery): DearestPrices;
  /** Reads the overrides again. Rejects when the store is out of reach; the book in use stays. */
  reload(): Promise<void>;
}

/** A holder that also follows what other processes change, until it is closed. */
export interface OpenPriceBookHolder extends PriceBookHolder {
  close(): void;
}

/** How soon a price set through another process counts here. */
const POLL_MS = 5_000;

/** Reads the overrides and makes the first book. Rejects when the store is out of reach: calls would be priced wrong. */
export async function openPriceBookHolder(options: {
  db: Db;
  log: Log;
}): Promise<OpenPriceBookHolder> {
  const { db, log } = options;
  let book: PriceBook | null = null;
  let content = "";
  let last: Promise<void> = Promise.resolve();

  async function read(): Promise<PriceBook> {
    const overrides = (await listAllPriceRows(db)).map(toPriceOverride);
    const read = JSON.stringify(overrides);
    // A new book forgets all matches it knew, so nothing changed means nothing is done.
    if (book && read === content) return book;
    const made = createPriceBook({ overrides });
    content = read;
    return made;
  }

  // One after another: an older answer that arrives late must not replace a newer one.
  function reload(): Promise<void> {
    const next = last.then(async () => {
      book = await read();
    });
    last = next.catch(() => undefined);
    return next;
  }

  await reload();
  const timer = setInterval(() => {
    reload().catch((error: unknown) => {
      log.warn({ err: error }, "prices were not read again; those in use stay");
    });
  }, POLL_MS);
  timer.unref();
  return {
    priceCall: (call) => currentOf(book).priceCall(call),
    matchModel: (...named) => currentOf(book).matchModel(...named),
    dearestPrices: (query) => currentOf(book).dearestPrices(query),
    reload,
    close: () => clearInterval(timer),
  };
}

function currentOf(book: PriceBook | null): PriceBook {
  if (!book) throw new Error("there is no price book");
  return book;
}
