/** Numbers from 0 (included) to 1 (excluded). */
export type Random = () => number;

/** A small seeded generator (mulberry32): the same seed, the same company. */
export function createRandom(seed: string): Random {
  let state = hashOf(seed);
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** FNV-1a. */
function hashOf(text: string): number {
  let hash = 2166136261;
  for (const char of text) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 16777619);
  return hash >>> 0;
}

/** A whole number between two, both included. */
export function between(random: Random, [min, max]: readonly [number, number]): number {
  return Math.round(min + random() * (max - min));
}

/** So many hexadecimal digits, a multiple of 8. */
export function hex(random: Random, digits: number): string {
  let text = "";
  while (text.length < digits) {
    text += Math.floor(random() * 4294967296)
      .toString(16)
      .padStart(8, "0");
  }
  return text;
}
