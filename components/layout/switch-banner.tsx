"use client";

import { useQuery } from "@tanstack/react-query";
import { OctagonX } from "lucide-react";
import { describeEngaged } from "@/components/layout/describe-engaged";
import { engagedQuery } from "@/components/layout/engaged-query";
import { PointedLink } from "@/components/ui/pointed-link";
import { CONTROLS_PATH } from "@/lib/paths";

/** What is stopped, on every page as long as it is; nothing where everything runs. */
export function SwitchBanner() {
  const { data } = useQuery(engagedQuery);
  const text = data ? describeEngaged(data.switches) : null;
  if (text === null) return null;
  return (
    <section
      aria-label="What is stopped"
      className="flex items-center gap-2.5 border-danger/30 border-b bg-danger-soft px-3 py-2 text-danger text-sm sm:px-5"
    >
      <OctagonX aria-hidden="true" className="size-4 shrink-0" />
      <p role="status" className="min-w-0 flex-1 [overflow-wrap:anywhere]">
        {text}
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
