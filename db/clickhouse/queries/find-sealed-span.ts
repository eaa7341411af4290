import { z } from "zod";
import { currentFlipsSql } from "@/db/clickhouse/bucket-states";
import { BUCKET_GRAIN } from "@/db/clickhouse/cubes";
import { defineQuery, scopeParams } from "@/db/clickhouse/query";
import { isSealedSql } from "@/db/clickhouse/sealed-buckets";

const instant = z.string().nullable();

/** The starts of the first and the last sealed bucket of some projects: about when their expired events were. */
export const findSealedSpan = defineQuery({
  name: "find-sealed-span",
  params: scopeParams,
  row: z.object({ first: instant, last: instant }),
  sql: ({ projectIds, fromUs, toUs }) => {
    const where = `project_id IN {projectIds:Array(String)}
      AND bucket >= toDateTime({fromSeconds:UInt32}, 'UTC') AND bucket < toDateTime({toSeconds:UInt32}, 'UTC')`;
    return {
      text: `
SELECT if(count() = 0, NULL, toString(min(toDateTime64(bucket, 6, 'UTC')))) AS first,
  if(count() = 0, NULL, toString(max(toDateTime64(bucket, 6, 'UTC')))) AS last
FROM (${currentFlipsSql(BUCKET_GRAIN, where)}) WHERE ${isSealedSql("flip")}`,
      values: {
        projectIds,
        fromSeconds: Math.max(0, Math.floor(fromUs / 1e6)),
        toSeconds: Math.min(2 ** 32 - 1, Math.ceil(toUs / 1e6)),
      },
    };
  },
});
