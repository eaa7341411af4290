import type { FieldError } from "@/lib/errors";

/** Reads counts out of a provider's usage object and keeps the path of everything that has a wrong type. */
export interface CountReader {
  /** The count at `keys`, or undefined where it (or an object on the way to it) is absent or null. */
  count(...keys: string[]): number | undefined;
  /** The text at `keys`, or undefined where it is absent, null or empty. */
  text(...keys: string[]): string | undefined;
  /** A reader for each object of the list at `key`. */
  list(key: string): CountReader[];
}

/**
 * Makes a reader over `body`. Faults go to `faults` with their full path, so that one answer names all of them.
 * An absent or null member was not reported; a negative, a fraction, a text or a number past 2^53 is a
 * fault and never a guess: a usage that is read wrongly is billed wrongly.
 */
export function countReader(body: unknown, path: string, faults: FieldError[]): CountReader {
  const find = (keys: string[]): { value: unknown; path: string } => {
    let value: unknown = body;
    let at = path;
    for (const key of keys) {
      if (value === undefined || value === null) return { value: undefined, path: at };
      if (!isRecord(value)) {
        addFault(faults, at, "must be an object");
        return { value: undefined, path: at };
      }
      value = value[key];
      at = `${at}.${key}`;
    }
    return { value: value ?? undefined, path: at };
  };
  return {
    count(...keys) {
      const found = find(keys);
      if (found.value === undefined) return undefined;
      if (Number.isSafeInteger(found.value) && Number(found.value) >= 0) return Number(found.value);
      addFault(faults, found.path, "must be a non-negative integer below 2^53");
      return undefined;
    },
    text(...keys) {
      const found = find(keys);
      if (found.value === undefined || found.value === "") return undefined;
      if (typeof found.value === "string") return found.value;
      addFault(faults, found.path, "must be a string");
      return undefined;
    },
    list(key) {
      const found = find([key]);
      if (found.value === undefined) return [];
      if (Array.isArray(found.value)) {
        return found.value.map((item, index) =>
          countReader(item, `${found.path}[${index}]`, faults),
        );
      }
      addFault(faults, found.path, "must be a list");
      return [];
    },
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function addFault(faults: FieldError[], path: string, message: string): void {
  // A wrong object is met once for each of its members; it is told once.
  if (!faults.some((fault) => fault.path === path)) faults.push({ path, message });
}
