"use client";

import { nameTarget } from "@/components/kill-switches/list-targets";
import { useWorkspace } from "@/components/layout/workspace";
import { Moment } from "@/components/ui/moment";
import type { KillSwitchListAnswer } from "@/lib/kill-switches/kill-switch-schemas";

/** A region that scrolls must take focus, so that arrow keys can move it (WCAG 2.1.1). */
const SCROLLER_FOCUS = { tabIndex: 0 } as const;

/** What was done to switches, latest first. */
export function SwitchHistory({ history }: Pick<KillSwitchListAnswer, "history">) {
  const { timeZone } = useWorkspace();
  if (history.length === 0) {
    return <p className="p-4 text-[13px] text-ink-muted">No switch was ever used here.</p>;
  }
  return (
    <section
      aria-label="What was done, latest first"
      {...SCROLLER_FOCUS}
      className="max-h-96 overflow-y-auto"
    >
      <ol>
        {history.map((event) => (
          <li
            key={`${event.at} ${nameTarget(event)} ${event.engaged}`}
            className="flex flex-wrap gap-x-3 gap-y-0.5 border-line border-t px-4 py-2 text-[13px] first:border-t-0"
          >
            <Moment at={event.at} timeZone={timeZone} />
            <span className="min-w-0 flex-1 basis-64 [overflow-wrap:anywhere]">
              <span className="font-medium">
                {nameTarget(event)} {event.engaged ? "stopped" : "released"}
              </span>{" "}
              by {event.by}: {event.reason}
              {event.until !== null && (
                <>
                  {" (until "}
                  <Moment at={event.until} timeZone={timeZone} />)
                </>
              )}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}
