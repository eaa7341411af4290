"use client";

import { Hourglass, Inbox } from "lucide-react";
import { EmptyRange } from "@/components/filters/empty-range";
import type { useScope } from "@/components/filters/use-scope";
import { EmptyState } from "@/components/states/empty-state";
import { PointedLink } from "@/components/ui/pointed-link";
import { EXPLORE_PATH } from "@/lib/paths";

/** No compared day: nothing was ever received, nothing in this range, or it was not compared yet. */
export function DaysEmpty({ state }: { state: ReturnType<typeof useScope> }) {
  const never = (
    <EmptyState icon={Inbox} title="Nothing was received yet">
      <PointedLink href={EXPLORE_PATH} className="text-link underline underline-offset-2">
        Explore
      </PointedLink>{" "}
      shows how to send the first event. What was refused shows below.
    </EmptyState>
  );
  return (
    <EmptyRange state={state} never={never}>
      <EmptyState icon={Hourglass} title="Not compared yet">
        Days are compared some minutes after their last event, and all of them once a day.
      </EmptyState>
    </EmptyRange>
  );
}
