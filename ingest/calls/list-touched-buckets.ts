import type { ProjectBucket } from "@/db/clickhouse/queries/insert-bucket-changes";

const PROJECT = '"project_id":"';
const BUCKET = ',"bucket":';

/**
 * The buckets that the rows of a block lie in, each once. Looked for in the text, as parsing the rows would cost more
 * than all else the drain does: `project_id` stands in front of everything a sender says, and no text of a sender
 * holds an unescaped quote, so `,"bucket":` followed by a digit is the column.
 * @param lines rows of `llm_calls` as the spool holds them, one a line.
 * @throws Error for a row without them: its bucket's rollup would never learn of it.
 */
export function listTouchedBuckets(lines: string): ProjectBucket[] {
  const found = new Map<string, ProjectBucket>();
  let lastKey = "";
  for (let start = 0; start < lines.length; ) {
    const lineEnd = lines.indexOf("\n", start);
    const end = lineEnd < 0 ? lines.length : lineEnd;
    const project = textAfter(lines, PROJECT, start, end);
    const bucket = Number.parseInt(textAfter(lines, BUCKET, start, end), 10);
    if (Number.isNaN(bucket)) throw new Error("a row of the spool has no bucket");
    const key = `${bucket} ${project}`;
    if (key !== lastKey && !found.has(key)) found.set(key, { projectId: project, bucket });
    lastKey = key;
    start = end + 1;
  }
  return [...found.values()];
}

/** What follows a name up to the next quote or comma, within a line. */
function textAfter(lines: string, name: string, start: number, end: number): string {
  const at = lines.indexOf(name, start);
  if (at < 0 || at >= end) throw new Error(`a row of the spool has no ${name}`);
  const from = at + name.length;
  let to = from;
  while (to < end && lines[to] !== '"' && lines[to] !== ",") to += 1;
  return lines.slice(from, to);
}
