/**
 * True where a JSON value is nested deeper than `levels`. Goes no deeper itself, so that no input can
 * exhaust the stack.
 */
export function isDeep(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (levels === 0) return true;
  for (const member of Array.isArray(value) ? value : Object.values(value)) {
    if (typeof member === "object" && member !== null && isDeep(member, levels - 1)) return true;
  }
  return false;
}
