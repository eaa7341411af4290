import { z } from "zod";
import { defineQuery, scopeParams } from "@/db/clickhouse/query";

/**
 * Events by the minute they were received in, `receivedFromUs` included and `receivedToUs` not (microseconds since
 * 1970), among those whose own time lies in the range: the store is in that order, so that this reads a few days and
 * not everything there ever was. A minute without events has no row.
 */
export const countReceived = defineQuery({
  name: "count-received",
  params: scopeParams.extend({ receivedFromUs: z.int(), receivedToUs: z.int() }),
  row: z.object({ minute: z.int(), events: z.coerce.number().int() }),
  settings: { do_not_merge_across_partitions_select_final: 1 },
  sql: ({ projectIds, fromUs, toUs, receivedFromUs, receivedToUs }) => ({
    text: `
SELECT toUInt32(toStartOfMinute(ingested_at)) AS minute, count() AS events
FROM llm_calls FINAL
WHERE project_id IN {projectIds:Array(String)}
  AND bucket >= toDateTime({from:UInt32}, 'UTC') AND bucket < toDateTime({to:UInt32}, 'UTC')
  AND ingested_at >= fromUnixTimestamp64Micro({receivedFromUs:Int64}, 'UTC')
  AND ingested_at < fromUnixTimestamp64Micro({receivedToUs:Int64}, 'UTC')
GROUP BY minute ORDER BY minute`,
    values: {
      projectIds,
      from: Math.max(0, Math.floor(fromUs / 1e6)),
      to: Math.ceil(toUs / 1e6),
      receivedFromUs,
      receivedToUs,
    },
  }),
});
