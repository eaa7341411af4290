import { ANTHROPIC_CORRECTIONS } from "@/lib/prices/overlay/anthropic-corrections";
import { ANTHROPIC_TIERS } from "@/lib/prices/overlay/anthropic-tiers";
import { AZURE_TIERS } from "@/lib/prices/overlay/azure-tiers";
import { BEDROCK } from "@/lib/prices/overlay/bedrock";
import { DEEPSEEK } from "@/lib/prices/overlay/deepseek";
import { GOOGLE_CORRECTIONS } from "@/lib/prices/overlay/google-corrections";
import { GOOGLE_TIERS } from "@/lib/prices/overlay/google-tiers";
import { OPENAI_CORRECTIONS } from "@/lib/prices/overlay/openai-corrections";
import { OPENAI_TIERS } from "@/lib/prices/overlay/openai-tiers";
import { OTHER_HOSTS } from "@/lib/prices/overlay/other-hosts";
import { VERTEX_CLAUDE } from "@/lib/prices/overlay/vertex-claude";
import type { OverlayEntry } from "@/lib/prices/overlay-entry";

/** Changes whenever an entry does: it is part of the price version kept with each call. */
export const OVERLAY_VERSION = "2026-11-22";

/**
 * Published prices that the catalogue lacks or has wrong. Of two entries that hold for a call the more specific one counts
 * and then the later line, so a seller's own price stands below the one it shares with others.
 */
export const OVERLAY_ENTRIES: readonly OverlayEntry[] = [
  ...OPENAI_TIERS,
  ...OPENAI_CORRECTIONS,
  ...AZURE_TIERS,
  ...ANTHROPIC_TIERS,
  ...ANTHROPIC_CORRECTIONS,
  ...GOOGLE_TIERS,
  ...GOOGLE_CORRECTIONS,
  ...VERTEX_CLAUDE,
  ...BEDROCK,
  ...DEEPSEEK,
  ...OTHER_HOSTS,
];
