"use client";

import { useClock } from "@/components/health/use-clock";
import { Card } from "@/components/ui/card";
import { formatCount } from "@/lib/format";
import type { HealthAnswer } from "@/lib/health/health-schemas";

const MINUTE_MS = 60_000;
const HEIGHT_PX = 72;

/** The last hour, a bar a minute. The sentence says what the bars do; each minute's number is on hover. */
export function MinutesCard({ received }: { received: HealthAnswer["received"] }) {
  const clock = useClock();
  // The card of the figure says why there is none.
  if (!received.known) return null;
  const { minutes, from, to } = received;
  const most = Math.max(...minutes);
  const empty = minutes.filter((events) => events === 0).length;
  const at = (index: number) => clock(new Date(Date.parse(from) + index * MINUTE_MS).toISOString());
  return (
    <Card aria-label="The last hour" className="p-4">
      <h2 className="font-semibold text-[15px]">The last hour</h2>
      <p className="mt-0.5 text-[13px] text-ink-muted">
        {most === 0
          ? `No event came in from ${clock(from)} to ${clock(to)}.`
          : `At most ${formatCount(most)} in a minute, at ${at(minutes.indexOf(most))}; ${formatCount(empty)} of 60 minutes without any.`}
      </p>
      <div aria-hidden="true" className="mt-3 flex items-end gap-px" style={{ height: HEIGHT_PX }}>
        {minutes.map((events, index) => (
          <span
            key={at(index)}
            title={`${at(index)}: ${formatCount(events)}`}
            className="min-w-0 flex-1 rounded-t-sm bg-accent"
            style={{ height: barHeight(events, most) }}
          />
        ))}
      </div>
      <div aria-hidden="true" className="tabular mt-1 flex justify-between text-ink-muted text-xs">
        <span>{clock(from)}</span>
        <span>{clock(to)}</span>
      </div>
    </Card>
  );
}

/** One event is seen beside a thousand. */
function barHeight(events: number, most: number): number {
  return events === 0 ? 0 : Math.max(2, Math.round((events / most) * HEIGHT_PX));
}
