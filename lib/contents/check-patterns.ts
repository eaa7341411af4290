import { describePatternFault } from "@/lib/contents/own-patterns";
import type { RedactionPattern } from "@/lib/contents/redaction-pattern";
import { type FieldError, OutlayError } from "@/lib/errors";

/**
 * Checks a project's own patterns before anything is redacted by them.
 * @param path of the list, as the caller sent it. @throws OutlayError `unprocessable` with the fault of each
 */
export function checkPatterns(patterns: readonly RedactionPattern[], path: string): void {
  const errors: FieldError[] = [];
  const names = new Set<string>();
  for (const [i, { name, pattern }] of patterns.entries()) {
    if (names.has(name)) errors.push({ path: `${path}.${i}.name`, message: "is there already" });
    names.add(name);
    const fault = describePatternFault(pattern);
    if (fault) errors.push({ path: `${path}.${i}.pattern`, message: fault });
  }
  if (errors.length === 0) return;
  throw new OutlayError("unprocessable", "A pattern cannot be used.", { errors });
}
