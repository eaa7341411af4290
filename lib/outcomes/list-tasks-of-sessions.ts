import type { ClickHouse } from "@/db/clickhouse/client";
import { BUCKET_SECONDS, toBucket } from "@/db/clickhouse/llm-call-row";
import { listSessionTasks } from "@/db/clickhouse/queries/list-session-tasks";
import type { listSessions } from "@/db/clickhouse/queries/list-sessions";

type SessionRow = Pick<
  Awaited<ReturnType<typeof listSessions>>[number],
  "project_id" | "session" | "trace" | "session_key" | "started_us" | "ended_us"
>;

/** Sessions of one question: a file's page has ten thousand, each with up to a hundred tasks. */
const SESSIONS_A_QUESTION = 500;
/** Sessions of minutes are in a few; where they lasted months, all that lies between is asked. */
const MAX_BUCKETS = 10_000;

/**
 * The tasks that the calls of listed sessions name within a range (microseconds since 1970), in their order, read in the
 * quarters of an hour that the sessions lasted.
 */
export async function listTasksOfSessions(
  clickhouse: ClickHouse,
  rows: readonly SessionRow[],
  range: { fromUs: number; toUs: number; asOfUs: number },
): Promise<string[][]> {
  const tasks = new Map<string, string[]>(rows.map((row) => [nameOf(row), []]));
  for (let start = 0; start < rows.length; start += SESSIONS_A_QUESTION) {
    const some = rows.slice(start, start + SESSIONS_A_QUESTION);
    const fromUs = Math.max(range.fromUs, Math.min(...some.map((row) => row.started_us)));
    const toUs = Math.min(range.toUs, Math.max(...some.map((row) => row.ended_us)) + 1);
    const found = await listSessionTasks(clickhouse, {
      ...{ fromUs, toUs, asOfUs: range.asOfUs },
      projectIds: [...new Set(some.map(({ project_id }) => project_id))],
      keys: some.map(({ session_key }) => session_key),
      buckets: bucketsOf(some, toUs),
    });
    for (const row of found) tasks.get(nameOf(row))?.push(row.task);
  }
  return rows.map((row) => tasks.get(nameOf(row)) ?? []);
}

const nameOf = (row: Pick<SessionRow, "project_id" | "session" | "trace">) =>
  JSON.stringify([row.project_id, row.session, row.trace]);

/** Starts of the quarters of an hour that sessions were in, in seconds since 1970; null: too many to name. */
function bucketsOf(rows: readonly SessionRow[], toUs: number): number[] | null {
  const buckets = new Set<number>();
  for (const { started_us, ended_us } of rows) {
    const last = toBucket(Math.min(ended_us, toUs - 1));
    for (let bucket = toBucket(started_us); bucket <= last; bucket += BUCKET_SECONDS) {
      buckets.add(bucket);
      if (buckets.size > MAX_BUCKETS) return null;
    }
  }
  return [...buckets];
}
