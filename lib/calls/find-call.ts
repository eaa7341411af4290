import type { ClickHouse } from "@/db/clickhouse/client";
import { findCall as askCall } from "@/db/clickhouse/queries/find-call";
import type { WholeCallAnswer } from "@/lib/calls/call-schemas";
import type { ReadableProject } from "@/lib/calls/narrow-projects";
import { toWholeCall } from "@/lib/calls/to-call";
import { toRfc3339 } from "@/lib/calls/to-rfc-3339";
import { OutlayError } from "@/lib/errors";

const ALL_TIME = { fromUs: 0, toUs: Date.UTC(2100, 0, 1) * 1000 };
/** Enough to tell a person how to say which one. */
const MAX_NAMED = 10;

/**
 * One whole call by its id. An id is unique within its project and timestamp, so it can name several.
 * @param timestampUs the event's own timestamp in microseconds since 1970, or null
 * @throws OutlayError `not_found`; `bad_request` naming the projects or timestamps it could mean
 */
export async function findCall(
  context: { clickhouse: ClickHouse; projects: readonly ReadableProject[] },
  id: string,
  timestampUs: number | null,
): Promise<WholeCallAnswer> {
  const slugs = new Map(context.projects.map(({ id: projectId, slug }) => [projectId, slug]));
  const range = timestampUs === null ? ALL_TIME : { fromUs: timestampUs, toUs: timestampUs + 1 };
  const rows = await askCall(context.clickhouse, {
    projectIds: [...slugs.keys()],
    ...range,
    id,
    limit: MAX_NAMED,
  });
  const [row] = rows;
  if (!row)
    throw new OutlayError("not_found", `There is no call ${JSON.stringify(id)} that you may see.`);
  if (rows.length > 1) {
    const projects = new Set(rows.map((found) => slugs.get(found.project_id)));
    const isAcross = projects.size > 1;
    const names = isAcross ? [...projects] : rows.map((found) => toRfc3339(found.timestamp));
    const path = isAcross ? "project" : "timestamp";
    throw new OutlayError(
      "bad_request",
      `Several calls have this id. Say which: ${path}=${names.join(" or ")}.`,
      {
        errors: [{ path, message: `is one of ${names.join(", ")}` }],
      },
    );
  }
  return toWholeCall(row, slugs);
}
