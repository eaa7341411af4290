"use client";

import { useQueryState } from "nuqs";
import { Tabs } from "radix-ui";
import type { ReactNode } from "react";
import { SESSION_PARAMS, VIEW_LABELS, VIEWS } from "@/components/traces/session-params";

/** The ways to look at a session; which one stands in the address. */
export function ViewTabs({ children }: { children: ReactNode }) {
  const [view, setView] = useQueryState(
    "view",
    SESSION_PARAMS.view.withOptions({ history: "push" }),
  );
  return (
    <Tabs.Root
      value={view}
      onValueChange={(next) => void setView(VIEWS.find((known) => known === next) ?? null)}
      activationMode="manual"
      className="flex flex-col gap-3"
    >
      <Tabs.List
        aria-label="Ways to look at it"
        className="flex gap-1 overflow-x-auto border-line border-b"
      >
        {VIEWS.map((id) => (
          <Tabs.Trigger
            key={id}
            value={id}
            className="-mb-px min-h-9 whitespace-nowrap border-transparent border-b-2 px-3 text-ink-muted text-sm outline-offset-[-2px] hover:text-ink data-[state=active]:border-accent data-[state=active]:font-medium data-[state=active]:text-ink"
          >
            {VIEW_LABELS[id]}
          </Tabs.Trigger>
        ))}
      </Tabs.List>
      <Tabs.Content value={view} tabIndex={-1} className="outline-none">
        {children}
      </Tabs.Content>
    </Tabs.Root>
  );
}
