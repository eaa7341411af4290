import { type OverlayEntry, toOverlayRecord } from "@/lib/prices/overlay-entry";
import { bySpecificity, type PriceRecord } from "@/lib/prices/price-record";

/** Our corrections to the catalogue, found by provider and name. */
export interface OverlayLayer {
  /** @param catalogueModel the catalogue's name of the model, where it knows one. */
  find(provider: string, model: string, catalogueModel: string | null): OverlayMatch;
}

export interface OverlayMatch {
  /** The overlay's name of the model, where it does not borrow the catalogue's. */
  model: string | null;
  /** In the order they are tried: exact name, longest prefix, the catalogue's name; each more specific first. */
  records: readonly PriceRecord[];
}

type Groups = Map<string, PriceRecord[]>;

interface ProviderIndex {
  exact: Groups;
  prefix: Groups;
  catalogue: Groups;
}

/** Indexes overlay entries. @throws RangeError for a malformed price. */
export function createOverlayLayer(entries: readonly OverlayEntry[]): OverlayLayer {
  const byProvider = new Map<string, ProviderIndex>();
  for (const entry of entries) {
    for (const provider of entry.providers) addEntry(byProvider, provider, entry);
  }
  return {
    find(provider, model, catalogueModel) {
      const index = byProvider.get(provider);
      if (!index) return { model: null, records: [] };
      const exact = index.exact.get(model) ?? [];
      const prefix = longestPrefix(index.prefix, model);
      const named = exact.length ? model : prefix.name;
      const known = catalogueModel === null ? [] : (index.catalogue.get(catalogueModel) ?? []);
      return { model: named, records: [...exact, ...prefix.records, ...known] };
    },
  };
}

function addEntry(
  byProvider: Map<string, ProviderIndex>,
  provider: string,
  entry: OverlayEntry,
): void {
  const index = byProvider.get(provider) ?? {
    exact: new Map(),
    prefix: new Map(),
    catalogue: new Map(),
  };
  byProvider.set(provider, index);
  for (const [kind, name] of Object.entries(entry.match)) {
    const groups = index[kind as keyof ProviderIndex];
    const records = [toOverlayRecord(entry, name), ...(groups.get(name) ?? [])];
    groups.set(name, records.sort(bySpecificity));
  }
}

function longestPrefix(
  groups: Groups,
  model: string,
): { name: string | null; records: PriceRecord[] } {
  let name: string | null = null;
  for (const prefix of groups.keys()) {
    if (model.startsWith(prefix) && prefix.length > (name?.length ?? 0)) name = prefix;
  }
  return { name, records: name === null ? [] : (groups.get(name) ?? []) };
}
