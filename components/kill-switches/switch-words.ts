import type { SwitchTarget } from "@/components/kill-switches/switch-requests";
import { formatCostSum, formatQuantity } from "@/lib/format";
import type { SwitchStops } from "@/lib/kill-switches/kill-switch-schemas";
import type { Permission } from "@/lib/permissions";
import { addDays, startOfDay, toLocalTime } from "@/lib/zone-time";

/** Whose right it is to engage or to release a switch, and where. */
export function permissionFor(
  { scope, project }: SwitchTarget,
  act: "engage" | "release",
): { permission: Permission; project: string | null } {
  if (scope === "global") return { permission: "switches.write_everywhere", project: null };
  return { permission: act === "engage" ? "switches.engage" : "switches.release", project };
}

/** What stops, in words: what would have been stopped of the last minutes. */
export function describeStops(stops: SwitchStops): string {
  if (stops.calls === 0) return "Nothing of it called in the last 15 minutes.";
  const calls = formatQuantity(stops.calls, "call");
  const { running_sessions } = stops;
  const sessions = running_sessions > 0 ? ` in ${formatQuantity(running_sessions, "session")}` : "";
  const agents = formatQuantity(stops.agents_count, "agent");
  const known = formatCostSum(stops.cost_usd);
  return `In the last 15 minutes: ${calls} of ${agents}${sessions}, ${known}.`;
}

/** When a switch ends by itself. */
export type EndChoice = "never" | "hour" | "tomorrow" | "custom";

const HOUR_MS = 3_600_000;

/**
 * The instant of an end, RFC 3339; null: it has none.
 * @param custom `2026-11-22T18:00` by the organisation's clock
 * @throws RangeError where the custom time cannot be read
 */
export function endOf(
  choice: EndChoice,
  { nowMs, timeZone, customMs }: { nowMs: number; timeZone: string; customMs: number | null },
): string | null {
  if (choice === "never") return null;
  if (choice === "hour") return new Date(nowMs + HOUR_MS).toISOString();
  if (choice === "tomorrow") {
    const tomorrow = addDays(toLocalTime(nowMs, timeZone), 1);
    return new Date(startOfDay(tomorrow, timeZone)).toISOString();
  }
  if (customMs === null) throw new RangeError("the end cannot be read");
  return new Date(customMs).toISOString();
}
