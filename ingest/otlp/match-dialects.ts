import type { Dialect } from "@/ingest/otlp/dialects/dialect";
import type { OtlpAttributes, OtlpOrigin } from "@/ingest/otlp/otlp-records";

/** Finds the dialects that a record speaks, in their order. */
export type DialectMatcher = (origin: OtlpOrigin, attributes: OtlpAttributes) => readonly Dialect[];

interface AttributeMark {
  key: string;
  isPrefix: boolean;
  bit: number;
}

/**
 * Prepares the marks of some dialects, so that a record's keys are looked at once.
 * @param dialects the most telling first
 */
export function matchDialects(dialects: readonly Dialect[]): DialectMatcher {
  const marks = new Map<string, AttributeMark[]>();
  for (const [bit, dialect] of dialects.entries()) {
    for (const key of dialect.marks.attributes ?? []) {
      const known = marks.get(firstWord(key)) ?? [];
      marks.set(firstWord(key), [...known, { key, isPrefix: key.endsWith("."), bit }]);
    }
  }
  return (origin, attributes) => {
    const found = new Set<number>();
    for (const key of origin.resource.keys()) markKey(key);
    for (const key of attributes.keys()) markKey(key);
    const service = origin.resource.get("service.name");
    return dialects.filter((dialect, bit) => found.has(bit) || isOrigin(dialect, origin, service));

    function markKey(key: string): void {
      for (const mark of marks.get(firstWord(key)) ?? []) {
        if (mark.isPrefix ? key.startsWith(mark.key) : key === mark.key) found.add(mark.bit);
      }
    }
  };
}

function isOrigin(dialect: Dialect, origin: OtlpOrigin, service: unknown): boolean {
  const { scopes, services } = dialect.marks;
  if (scopes?.some((scope) => origin.scopeName.startsWith(scope))) return true;
  return services?.some((name) => name === service) ?? false;
}

function firstWord(key: string): string {
  const dot = key.indexOf(".");
  return dot < 0 ? key : key.slice(0, dot);
}
