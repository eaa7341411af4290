/** An object whose members nobody has checked yet. */
export type Fields = Record<string, unknown>;

/** The value as an object with members; null where it is none (a list is none). */
export function asFields(value: unknown): Fields | null {
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  return isObject ? (value as Fields) : null;
}

/** The objects of a list; none where it is no list. */
export function listFields(value: unknown): Fields[] {
  return Array.isArray(value) ? value.map(asFields).filter((item) => item !== null) : [];
}

/** A count of tokens; null where it is absent or no number, which is not 0. */
export function asCount(value: unknown): number | null {
  return typeof value === "number" && value >= 0 ? value : null;
}

/** A text that says something, else null. */
export function asText(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

/** The sum of what is known; null where nothing is. */
export function sumKnown(...counts: (number | null)[]): number | null {
  const known = counts.filter((count) => count !== null);
  return known.length > 0 ? known.reduce((sum, count) => sum + count, 0) : null;
}
