import type { Client } from "@/lib/clients/client";
import { CODING_AGENTS } from "@/lib/clients/coding-agents";
import { LIBRARIES } from "@/lib/clients/libraries";
import { OBSERVABILITY } from "@/lib/clients/observability";

/** Every client that has a page in `docs/clients/`, in the order they are offered. */
export const CLIENTS: readonly Client[] = [...CODING_AGENTS, ...LIBRARIES, ...OBSERVABILITY];
