import { z } from "zod";
import { defineQuery, scopeParams } from "@/db/clickhouse/query";

const instant = z.string().nullable();
const count = z.coerce.number().int();

/**
 * The oldest and the newest event of some projects, whatever was filtered. It is asked every few seconds,
 * so it reads the table in its own order, one block from each end of each project, and no column whole.
 */
export const findEventSpan = defineQuery({
  name: "find-event-span",
  params: scopeParams.extend({ projectIds: z.array(z.string()).min(1) }),
  row: z.object({ first: instant, last: instant }),
  sql: ({ projectIds, fromUs, toUs }) => {
    const ends = projectIds.flatMap((_, index) =>
      ["ASC", "DESC"].map(
        (direction) => `
        SELECT project_id, bucket FROM (
          SELECT project_id, bucket FROM llm_calls
          WHERE project_id = {project${index}:String} AND ${RANGE}
          ORDER BY bucket ${direction} LIMIT 1)`,
      ),
    );
    const names = projectIds.map((id, index) => [`project${index}`, id] as const);
    return {
      text: `
SELECT if(count() = 0, NULL, toString(min(ts))) AS first, if(count() = 0, NULL, toString(max(ts))) AS last
FROM llm_calls WHERE (project_id, bucket) IN (${ends.join(" UNION ALL ")})`,
      values: {
        ...Object.fromEntries(names),
        ...secondsOf({ fromUs, toUs }),
      },
    };
  },
});

/**
 * The same from the first and the last bucket that changes were recorded of: every insert is followed by one, and
 * there is a row a bucket instead of one a call. Where such a bucket has no calls any more (they expired), `found` is
 * less than `expected`, and `findEventSpan` knows.
 */
export const findChangedSpan = defineQuery({
  name: "find-changed-span",
  params: scopeParams.extend({ projectIds: z.array(z.string()).min(1) }),
  row: z.object({ first: instant, last: instant, found: count, expected: count }),
  sql: ({ projectIds, fromUs, toUs }) => ({
    text: `
WITH (SELECT groupUniqArray((toString(project_id), edge)) FROM (
  SELECT project_id, arrayJoin([min(bucket), max(bucket)]) AS edge FROM bucket_changes
  WHERE project_id IN {projectIds:Array(String)} AND ${RANGE} GROUP BY project_id)) AS ends
SELECT toString(min(ts)) AS first, toString(max(ts)) AS last, uniqExact(project_id, bucket) AS found,
  length(ends) AS expected
FROM llm_calls WHERE (project_id, bucket) IN ends`,
    values: { projectIds, ...secondsOf({ fromUs, toUs }) },
  }),
});

function secondsOf({ fromUs, toUs }: { fromUs: number; toUs: number }) {
  return {
    fromSeconds: Math.max(0, Math.floor(fromUs / 1e6)),
    toSeconds: Math.min(MAX_DATE_TIME, Math.ceil(toUs / 1e6)),
  };
}

const RANGE =
  "bucket >= toDateTime({fromSeconds:UInt32}, 'UTC') AND bucket < toDateTime({toSeconds:UInt32}, 'UTC')";
const MAX_DATE_TIME = 2 ** 32 - 1;
