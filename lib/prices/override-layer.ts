import { normaliseModelName } from "@/lib/prices/model-name";
import { type PriceOverride, toOverrideRecord } from "@/lib/prices/price-override";
import { bySpecificity, type PriceRecord } from "@/lib/prices/price-record";
import { normaliseProviderName } from "@/lib/prices/provider-name";

/** An operator's record, with the catalogue model it maps to. */
export interface OverrideRecord {
  record: PriceRecord;
  mapsTo: string | null;
}

/** The operator's prices, found by project, provider and model. */
export interface OverrideLayer {
  /** True where a project has prices of its own, so that one match serves all the others. */
  hasProject(projectId: string): boolean;
  /** Records of the project, then those of all projects; each list more specific records first. */
  find(projectId: string, provider: string, model: string): OverrideRecord[][];
}

/** Every project's own prices stand under its id, those of all projects under this. */
const ALL_PROJECTS = "";

/**
 * Indexes the operator's prices.
 * @throws RangeError for an override that `checkPriceOverride` refuses.
 */
export function createOverrideLayer(overrides: readonly PriceOverride[]): OverrideLayer {
  const byProject = new Map<string, Map<string, OverrideRecord[]>>();
  for (const override of overrides) {
    const project = override.project ?? ALL_PROJECTS;
    const index = byProject.get(project) ?? new Map<string, OverrideRecord[]>();
    byProject.set(project, index);
    const key = keyOf(normaliseProviderName(override.provider), override.model);
    const entry = { record: toOverrideRecord(override), mapsTo: override.maps_to ?? null };
    index.set(
      key,
      [...(index.get(key) ?? []), entry].sort((a, b) => bySpecificity(a.record, b.record)),
    );
  }
  return {
    hasProject: (projectId) => byProject.has(projectId),
    find(projectId, provider, model) {
      const indexes = [byProject.get(projectId), byProject.get(ALL_PROJECTS)];
      return indexes.flatMap((index) => (index ? findIn(index, provider, model) : []));
    },
  };
}

/**
 * The name as the call has it is tried first, then the normalised one, then prefixes with the longest first: an operator
 * who names a model exactly means that one.
 */
function findIn(
  index: Map<string, OverrideRecord[]>,
  provider: string,
  model: string,
): OverrideRecord[][] {
  const clean = normaliseModelName(provider, model);
  const names: [string, string][] = [[normaliseProviderName(provider), model]];
  if (clean.model) names.push([clean.provider, clean.model]);
  const exact = names.flatMap(([name, text]) => index.get(keyOf(name, text)) ?? []);
  const prefixes = names.flatMap(([name, text]) => prefixesOf(index, keyOf(name, text)));
  return [[...new Set(exact)], ...prefixes].filter((records) => records.length > 0);
}

function prefixesOf(index: Map<string, OverrideRecord[]>, key: string): OverrideRecord[][] {
  return [...index.keys()]
    .filter((pattern) => pattern.endsWith("*") && key.startsWith(pattern.slice(0, -1)))
    .sort((a, b) => b.length - a.length)
    .map((pattern) => index.get(pattern) ?? []);
}

function keyOf(provider: string, model: string): string {
  return `${provider}\n${model.trim().toLowerCase()}`;
}
