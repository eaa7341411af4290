import { apiRoute } from "@/lib/api-route";
import { collectMetrics } from "@/lib/metrics/collect-metrics";
import { writeMetrics } from "@/lib/metrics/write-metrics";
import { getRuntime } from "@/lib/runtime";

/** What Prometheus scrapes: of the key's project, of all with an installation key. */
export const GET = apiRoute({ permission: "spend.read" }, async ({ projects }) => {
  // Not the reader's own connection: who scrapes at the same time is answered from the same questions.
  const { clickhouse, postgres, freshness } = getRuntime();
  const collected = await collectMetrics({ clickhouse, postgres, nowMs: Date.now() });
  const slugs = projects.map(({ slug }) => slug);
  const { text, contentType } = await writeMetrics(collected, slugs, await freshness());
  return new Response(text, {
    headers: { "content-type": contentType, "cache-control": "no-store" },
  });
});
