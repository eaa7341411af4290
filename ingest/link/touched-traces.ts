import { BUCKET_SECONDS } from "@/db/clickhouse/llm-call-row";
import { IS_TOUCH } from "@/ingest/otlp/span-row";

/** Traces of one project that spans, log records or events came of. */
export interface TouchedTraces {
  projectId: string;
  traceIds: Set<string>;
  /** Log records that stand in no trace, by their `log:…`. */
  logIds: Set<string>;
  /** Event time of what came, microseconds since 1970; `toUs` excluded. */
  fromUs: number;
  toUs: number;
}

/**
 * Reads a block of the spool of spans.
 * @returns the lines that are to be stored, and the traces that were touched, by project
 */
export function readTouched(lines: string): { stored: string; touched: TouchedTraces[] } {
  const projects = new Map<string, TouchedTraces>();
  const stored: string[] = [];
  for (const line of lines.split("\n")) {
    if (line === "") continue;
    const isTouch = line.includes(IS_TOUCH);
    if (!isTouch) stored.push(`${line}\n`);
    const row = readPlace(line);
    if (!row) continue;
    const { project_id: projectId, bucket, trace_id: traceId, span_id: spanId = "" } = row;
    const [fromUs, toUs] = [bucket * 1e6, (bucket + BUCKET_SECONDS) * 1e6];
    const known = projects.get(projectId);
    const touched = known ?? { projectId, traceIds: new Set(), logIds: new Set(), fromUs, toUs };
    projects.set(projectId, touched);
    touched.fromUs = Math.min(touched.fromUs, fromUs);
    touched.toUs = Math.max(touched.toUs, toUs);
    if (traceId !== "") touched.traceIds.add(traceId);
    else touched.logIds.add(spanId);
  }
  return { stored: stored.join(""), touched: [...projects.values()] };
}

interface Place {
  project_id: string;
  bucket: number;
  trace_id: string;
  span_id?: string;
}

/** Ours, written by `span-row.ts`; null for a line that is broken, which the store refuses and the log tells. */
function readPlace(line: string): Place | null {
  try {
    const row = JSON.parse(line) as Partial<Place>;
    const { project_id, bucket, trace_id } = row;
    if (project_id === undefined || bucket === undefined || trace_id === undefined) return null;
    return { ...row, project_id, bucket, trace_id };
  } catch {
    return null;
  }
}
