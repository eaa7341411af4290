import type { Scope } from "@/components/filters/scope";
import { CODING_AGENT_SERVICES } from "@/lib/clients/coding-agents";

/** Which client a call came from; a sub-agent's calls have their own name as agent, and the same client. */
export const CLIENT_DIMENSION = "metadata.service.name";

const FILTERS = CODING_AGENT_SERVICES.map((value) => ({ dimension: CLIENT_DIMENSION, value }));

/** A scope narrowed to what coding agents told. */
export function agentsScope(scope: Scope): Scope {
  const others = scope.filters.filter(({ dimension }) => dimension !== CLIENT_DIMENSION);
  return { ...scope, filters: [...others, ...FILTERS] };
}
