import { addDays, toInstant, toLocalTime } from "@/lib/zone-time";

export const SNOOZE_CHOICES = [
  { value: "1h", label: "For an hour" },
  { value: "4h", label: "For 4 hours" },
  { value: "tomorrow", label: "Until tomorrow 9:00" },
  { value: "custom", label: "Until another time" },
] as const;
export type SnoozeChoice = (typeof SNOOZE_CHOICES)[number]["value"];

const HOUR_MS = 3_600_000;
const CLOCK = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})$/;

interface When {
  nowMs: number;
  /** The organisation's. */
  timeZone: string;
  /** `2026-11-22T18:00` by its clock. */
  custom: string;
}

/** When a snooze ends, ms since 1970; null while that cannot be read or is past. */
export function snoozeEnd(choice: SnoozeChoice, { nowMs, timeZone, custom }: When): number | null {
  if (choice === "1h") return nowMs + HOUR_MS;
  if (choice === "4h") return nowMs + 4 * HOUR_MS;
  if (choice === "tomorrow") {
    const tomorrow = addDays(toLocalTime(nowMs, timeZone), 1);
    return toInstant({ ...tomorrow, hour: 9, minute: 0 }, timeZone);
  }
  const parts = CLOCK.exec(custom)?.slice(1).map(Number);
  if (!parts) return null;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = parts;
  const endMs = toInstant({ year, month, day, hour, minute }, timeZone);
  return endMs > nowMs ? endMs : null;
}
