import type { SqlPart } from "@/db/clickhouse/query";

/**
 * THE registry of what calls can be grouped and filtered by. Only its strings become SQL; every name a
 * caller sends is looked up here, and a metadata key is a bound value. Each expression is text, and `''`
 * is "not sent".
 */
const COLUMNS = {
  model: "model",
  requested_model: "requested_model",
  provider: "provider",
  agent: "agent",
  task: "task",
  task_type: "task_type",
  feature: "feature",
  user: "user",
  session: "session",
  type: "type",
  status: "status",
  error_type: "error_type",
  cost_status: "cost_status",
  service_tier: "service_tier",
  name: "name",
  attempt: "if(attempt = 0, '', toString(attempt))",
  project: "project_id",
} as const;

/** Too many different ones to make a useful group. */
const FILTER_COLUMNS = { trace_id: "trace_id", reservation_id: "reservation_id" } as const;

const METADATA_PREFIX = "metadata.";

/** Names of the dimensions, `metadata.<key>` aside. */
export const DIMENSION_NAMES = Object.keys(COLUMNS) as (keyof typeof COLUMNS)[];
/** Names that can be filtered by, `metadata.<key>` aside. */
export const FILTER_NAMES = [...DIMENSION_NAMES, "trace_id", "reservation_id"] as const;

/** True for what calls can be grouped by. */
export function isDimension(name: string): boolean {
  return Object.hasOwn(COLUMNS, name) || metadataKey(name) !== null;
}

/** True for what calls can be filtered by. */
export function isFilter(name: string): boolean {
  return isDimension(name) || Object.hasOwn(FILTER_COLUMNS, name);
}

/**
 * The SQL of a dimension or filter.
 * @param parameter name for a bound metadata key, unique in its query
 * @throws RangeError for a name that is not in the registry
 */
export function dimensionSql(name: string, parameter: string): SqlPart {
  const key = metadataKey(name);
  if (key !== null)
    return { text: `metadata[{${parameter}:String}]`, values: { [parameter]: key } };
  const columns: Readonly<Record<string, string>> = { ...COLUMNS, ...FILTER_COLUMNS };
  const text = Object.hasOwn(columns, name) ? columns[name] : undefined;
  if (text === undefined) throw new RangeError(`${name} is no dimension`);
  return { text, values: {} };
}

function metadataKey(name: string): string | null {
  const key = name.startsWith(METADATA_PREFIX) ? name.slice(METADATA_PREFIX.length) : "";
  return key === "" ? null : key;
}
