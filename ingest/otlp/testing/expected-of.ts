import type { CorpusCase, CorpusTotals } from "@/ingest/otlp/testing/corpus";

/**
 * What is in the capture by the truth's own reading of it. Two clients say more, and it is read: ADK in the JSON text of
 * its response, VoltAgent in the sum of its root, of which one step has no span. There it is the provider's own truth.
 */
export function expectedOf({ client, files, expected }: CorpusCase): {
  calls: number;
  totals: CorpusTotals;
} {
  const saysMore = client === "adk" || client === "voltagent";
  if (saysMore) return { calls: expected.call_count, totals: expected.totals };
  const isOtlp = files.some(({ signal }) => signal !== "other");
  // A failed call of which nothing was sent, and one whose span another one wrote over.
  const told = expected.calls.filter(({ span }) => span !== null || isToldByLogs(expected));
  return { calls: isOtlp ? told.length : 0, totals: expected.totals_recoverable };
}

function isToldByLogs({
  logs_with_usage: logs,
  usage_spans: spans,
}: CorpusCase["expected"]): boolean {
  return (logs?.length ?? 0) > 0 && spans.length === 0;
}
