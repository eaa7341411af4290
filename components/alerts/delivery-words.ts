import { sayAudience } from "@/components/alerts/kind-words";
import type { AlertAnswer, DeliveryAnswer } from "@/lib/alerts/alert-schemas";
import { formatLocalDate, formatLocalMinute, toLocalTime } from "@/lib/zone-time";

interface Clock {
  nowMs: number;
  timeZone: string;
}

/** `12:04` today, `2026-11-21 12:04` on any other day. @param at RFC 3339 */
export function sayClock(at: string, { nowMs, timeZone }: Clock): string {
  const local = toLocalTime(Date.parse(at), timeZone);
  const text = formatLocalMinute(local);
  const isToday = formatLocalDate(local) === formatLocalDate(toLocalTime(nowMs, timeZone));
  return isToday ? text.slice(-5) : text;
}

type Sent = Pick<
  DeliveryAnswer,
  "state" | "attempts" | "resends" | "last_error" | "due_at" | "sent_at"
>;

/** How a delivery stands: `sent 12:04`, `retrying at 12:06 after “503”`, `given up after 30 tries: “503”`. */
export function sayDelivery(delivery: Sent, clock: Clock): string {
  const { state, attempts, last_error, due_at, sent_at } = delivery;
  switch (state) {
    case "sent":
      return sent_at === null ? "sent" : `sent ${sayClock(sent_at, clock)}${again(delivery)}`;
    case "dead":
      return `given up after ${attempts} ${attempts === 1 ? "try" : "tries"}: “${last_error ?? "no reason was given"}”`;
    case "cancelled":
      return last_error === null ? "cancelled" : `cancelled: ${last_error}`;
    case "silenced":
      return "silenced by a snooze: not sent";
    case "pending":
      return sayPending(delivery, Date.parse(due_at) > clock.nowMs, clock);
  }
}

function sayPending({ last_error, due_at }: Sent, isLater: boolean, clock: Clock): string {
  if (last_error !== null) {
    const when = isLater ? `retrying at ${sayClock(due_at, clock)}` : "retrying now";
    return `${when} after “${last_error}”`;
  }
  // The first notice of a stage goes out at once; the next ones of it are gathered.
  return isLater
    ? `gathered with others of its stage, goes out at ${sayClock(due_at, clock)}`
    : "on its way";
}

function again({ resends }: Sent): string {
  return resends === 0 ? "" : `, sent again ${resends === 1 ? "once" : `${resends} times`}`;
}

type Told = Pick<AlertAnswer, "told_at" | "nobody_told" | "audience" | "deliveries">;

/** What stands where the deliveries would be; null where there are some. */
export function sayUntold({ told_at, nobody_told, audience, deliveries }: Told): string | null {
  if (deliveries.length > 0) return null;
  if (told_at === null) return "Being told: whom is decided in a moment.";
  // Its channels may be gone since, or none of the reader's business.
  if (!nobody_told) return "It was told to channels that are not shown here.";
  return audience.length === 0
    ? "Nobody was told: the channels that its stage names are gone."
    : `Nobody was told: no channel of ${sayAudience(audience).replace(" and ", " or ")}.`;
}
