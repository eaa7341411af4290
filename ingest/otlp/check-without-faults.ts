import type { FieldError } from "@/lib/errors";
import { type CheckResult, checkEvent } from "@/lib/events/check-event";

/** Fields that an event cannot do without: with a fault there the span is refused. */
const NEEDED = new Set(["id", "timestamp", "type", "trace_id", "span_id", "usage"]);

/**
 * Checks the event that a span tells; a field that is wrong is left out, and told, where the call is one without it.
 * @param nowMs the clock, for the newest timestamp
 * @returns what is wrong with what was left out
 */
export function checkWithoutFaults(
  event: Record<string, unknown>,
  nowMs: number,
): { checked: CheckResult; dropped: FieldError[] } {
  const checked = checkEvent(event, nowMs);
  if (checked.ok) return { checked, dropped: [] };
  const names = new Set(checked.errors.map(({ path }) => path.split(".")[0] ?? ""));
  if ([...names].some((name) => NEEDED.has(name))) return { checked, dropped: [] };
  const kept = Object.fromEntries(Object.entries(event).filter(([name]) => !names.has(name)));
  const again = checkEvent(names.has("model") ? { ...kept, model: "unknown" } : kept, nowMs);
  return { checked: again, dropped: again.ok ? checked.errors : [] };
}
