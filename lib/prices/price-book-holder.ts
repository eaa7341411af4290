import type { PriceableCall, PricedCall } from "@/lib/prices/price";

/** The current price book, swapped whole when an override changes, so that one call never sees half a change. */
export interface PriceBookHolder {
  priceCall(call: PriceableCall): PricedCall;
  /** Reads the overrides again. Rejects when the store is out of reach; the book in use stays. */
  reload(): Promise<void>;
}
