"use client";

import { OctagonX } from "lucide-react";
import { describeEngaged } from "@/components/layout/describe-engaged";
import { PointedLink } from "@/components/ui/pointed-link";
import type { EngagedSwitchesAnswer } from "@/lib/kill-switches/kill-switch-schemas";
import { CONTROLS_PATH } from "@/lib/paths";

/** Says what is stopped, and where it is released. */
export function StoppedBanner({ switches }: EngagedSwitchesAnswer) {
  return (
    <section
      aria-label="What is stopped"
      className="flex items-center gap-2.5 border-danger/30 border-b bg-danger-soft px-3 py-2 text-danger text-sm sm:px-5"
    >
      <OctagonX aria-hidden="true" className="size-4 shrink-0" />
      <p role="status" className="min-w-0 flex-1 [overflow-wrap:anywhere]">
        {describeEngaged(switches)}
      </p>
      <PointedLink
        href={CONTROLS_PATH}
        className="shrink-0 font-medium underline underline-offset-2"
      >
        Controls
      </PointedLink>
    </section>
  );
}
