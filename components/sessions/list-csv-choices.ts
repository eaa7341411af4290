import type { CsvChoice } from "@/components/filters/csv-menu";
import { type Scope, scopeQuery } from "@/components/filters/scope";

/** The file of a list of sessions: all of them, not only the pages that were loaded. */
export function listCsvChoices(scope: Scope): CsvChoice[] {
  const query = scopeQuery(scope);
  query.set("format", "csv");
  query.set("of", "sessions");
  // A zone changes no list of instants, and this question does not take one.
  query.delete("tz");
  return [{ label: "All sessions", query }];
}
