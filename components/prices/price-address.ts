import type { PriceTask } from "@/components/prices/price-dialog";
import { emptyDraft } from "@/components/prices/price-draft";

const PREFIX = "price?";

/** A new price as an address holds it: what it is for, not what was typed. Null for what only a click can open. */
export function writePriceAddress(task: PriceTask): string | null {
  if (task.kind !== "price") return null;
  const { kind, provider, model, mapsTo, project, holds } = task.draft;
  const named = { kind, provider, model, mapsTo, project, holds };
  // A change of a price begins with all of that price.
  if (JSON.stringify(emptyDraft(named)) !== JSON.stringify(task.draft)) return null;
  const search = new URLSearchParams({ kind, holds, at: task.project });
  if (task.isNamed) search.set("named", "true");
  for (const name of ["provider", "model", "mapsTo", "project"] as const) {
    const value = named[name];
    if (value) search.set(name, value);
  }
  return `${PREFIX}${search}`;
}

/** @returns null for what is no such address. */
export function readPriceAddress(text: string): PriceTask | null {
  if (!text.startsWith(PREFIX)) return null;
  const search = new URLSearchParams(text.slice(PREFIX.length));
  const holds = search.get("holds");
  return {
    kind: "price",
    isNamed: search.get("named") === "true",
    project: search.get("at") ?? "*",
    draft: emptyDraft({
      kind: search.get("kind") === "map" ? "map" : "own",
      provider: search.get("provider") ?? "",
      model: search.get("model") ?? "",
      mapsTo: search.get("mapsTo") ?? "",
      project: search.get("project"),
      ...(holds === "now" || holds === "always" ? { holds } : {}),
    }),
  };
}
