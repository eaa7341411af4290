import { OPENAI_TIERS } from "@/lib/prices/overlay/openai-tiers";
import type { OverlayEntry } from "@/lib/prices/overlay-entry";
import type { RegionUplift } from "@/lib/prices/region-uplift";

/** Changes whenever an entry does: it is part of the price version kept with each call. */
export const OVERLAY_VERSION = "2026-11-22";

/** Published prices that the catalogue lacks or has wrong. */
export const OVERLAY_ENTRIES: readonly OverlayEntry[] = [...OPENAI_TIERS];

export const REGION_UPLIFTS: readonly RegionUplift[] = [];
