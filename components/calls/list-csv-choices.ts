import type { CsvChoice } from "@/components/filters/csv-menu";
import { type Scope, scopeQuery } from "@/components/filters/scope";

/** The file of a list of calls: all of them, not only the pages that were loaded. */
export function listCsvChoices(scope: Scope): CsvChoice[] {
  const query = scopeQuery(scope);
  query.set("format", "csv");
  query.set("of", "calls");
  // A zone changes no list of instants, and this question does not take one.
  query.delete("tz");
  return [{ label: "All calls", query }];
}
