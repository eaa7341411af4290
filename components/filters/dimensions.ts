/**
 * The dimensions of the contract, in the words of the screen. The order is the order of the menus:
 * what people ask for first. `metadata.<key>` comes on top, with any key.
 */
export const DIMENSIONS = [
  { name: "feature", label: "Feature", plural: "features" },
  { name: "model", label: "Model", plural: "models" },
  { name: "agent", label: "Agent", plural: "agents" },
  { name: "user", label: "User", plural: "users" },
  { name: "task_type", label: "Task type", plural: "task types" },
  { name: "task", label: "Task", plural: "tasks" },
  { name: "session", label: "Session", plural: "sessions" },
  { name: "provider", label: "Provider", plural: "providers" },
  { name: "requested_model", label: "Requested model", plural: "requested models" },
  { name: "project", label: "Project", plural: "projects" },
  { name: "name", label: "Step or tool", plural: "steps and tools" },
  { name: "type", label: "Event type", plural: "event types" },
  { name: "status", label: "Status", plural: "statuses" },
  { name: "error_type", label: "Error type", plural: "error types" },
  { name: "cost_status", label: "Cost status", plural: "cost statuses" },
  { name: "service_tier", label: "Service tier", plural: "service tiers" },
  { name: "attempt", label: "Attempt", plural: "attempts" },
] as const;

/** Can be filtered by, not grouped by. */
const FILTER_ONLY = [
  { name: "trace_id", label: "Trace", plural: "traces" },
  { name: "reservation_id", label: "Reservation", plural: "reservations" },
] as const;

export const DEFAULT_GROUP = "feature";
const METADATA_PREFIX = "metadata.";

/** How a value that was not sent is named. In a URL and in the API it is the empty text. */
export const UNTAGGED = "(untagged)";

/** A filter's value in words. A call without a reservation lacks no tag. */
export function filterValueLabel(dimension: string, value: string): string {
  return value || (dimension === "reservation_id" ? "(none)" : UNTAGGED);
}

/** True for a dimension of the contract and for `metadata.<key>`. */
export function isDimension(name: string): boolean {
  return findDimension(name) !== undefined || isMetadata(name);
}

/** True for what may be filtered by. */
export function isFilterable(name: string): boolean {
  return isDimension(name) || FILTER_ONLY.some((entry) => entry.name === name);
}

/** `Feature`; for metadata its key. */
export function dimensionLabel(name: string): string {
  if (isMetadata(name)) return name.slice(METADATA_PREFIX.length);
  return (findDimension(name) ?? FILTER_ONLY.find((entry) => entry.name === name))?.label ?? name;
}

/** `features`; for metadata `values of team`. */
export function dimensionPlural(name: string): string {
  if (isMetadata(name)) return `values of ${name.slice(METADATA_PREFIX.length)}`;
  return findDimension(name)?.plural ?? "values";
}

/** The dimension of a metadata key. */
export function metadataDimension(key: string): string {
  return `${METADATA_PREFIX}${key}`;
}

function isMetadata(name: string): boolean {
  return name.startsWith(METADATA_PREFIX) && name.length > METADATA_PREFIX.length;
}

function findDimension(name: string) {
  return DIMENSIONS.find((entry) => entry.name === name);
}
