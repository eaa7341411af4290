import { SERIES_SLOTS } from "@/components/charts/palette";

/** The slot each name was first drawn in; it outlives the chart, so that a name keeps its colour. */
export type ColourMemory = Readonly<Record<string, number>>;

/** Names remembered at most; the oldest are forgotten first. */
const MEMORY_SIZE = 500;

/**
 * Gives each name shown together a slot of its own, by what is remembered and else by a hash of the
 * name, never by rank: when the order of costs changes, no colour moves. Only where two remembered
 * names claim one slot does the later one take a free slot, for this chart alone.
 * @param names at most `SERIES_SLOTS` names shown together
 * @returns slots by name, and the memory to keep
 */
export function assignColours(
  names: readonly string[],
  memory: ColourMemory,
): { slots: Map<string, number>; memory: ColourMemory } {
  const slots = new Map<string, number>();
  const taken = new Set<number>();
  const give = (name: string, slot: number) => {
    slots.set(name, slot);
    taken.add(slot);
  };
  const known = Object.keys(memory).filter((name) => names.includes(name));
  for (const name of known) {
    const slot = memory[name];
    if (slot !== undefined && !taken.has(slot)) give(name, slot);
  }
  const fresh: Record<string, number> = {};
  // By name, not by the order given: two people who see the same names get the same colours.
  for (const name of [...names].sort()) {
    if (slots.has(name)) continue;
    const slot = firstFree(hashOf(name), taken);
    give(name, slot);
    if (memory[name] === undefined) fresh[name] = slot;
  }
  return { slots, memory: remember(memory, fresh) };
}

function firstFree(start: number, taken: ReadonlySet<number>): number {
  for (let step = 0; step < SERIES_SLOTS; step++) {
    const slot = (start + step) % SERIES_SLOTS;
    if (!taken.has(slot)) return slot;
  }
  return start % SERIES_SLOTS;
}

/** FNV-1a, 32 bit. */
function hashOf(name: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < name.length; at++) {
    hash = Math.imul(hash ^ name.charCodeAt(at), 0x01000193);
  }
  return hash >>> 0;
}

function remember(memory: ColourMemory, fresh: Record<string, number>): ColourMemory {
  if (Object.keys(fresh).length === 0) return memory;
  return Object.fromEntries(Object.entries({ ...memory, ...fresh }).slice(-MEMORY_SIZE));
}
