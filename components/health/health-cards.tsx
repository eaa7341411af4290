"use client";

import { TriangleAlert } from "lucide-react";
import { type HealthFact, prepareHealth } from "@/components/health/prepare-health";
import { useClock } from "@/components/health/use-clock";
import { Card } from "@/components/ui/card";
import { UNKNOWN } from "@/lib/format";
import type { HealthAnswer } from "@/lib/health/health-schemas";

/** One card a fact, in a grid that becomes a list on a phone. */
export function HealthCards({ health }: { health: HealthAnswer }) {
  const clock = useClock();
  return (
    <div className="grid gap-4 sm:grid-cols-2 lg:grid-cols-3">
      {prepareHealth(health, clock).map((fact) => (
        <FactCard key={fact.title} fact={fact} />
      ))}
    </div>
  );
}

function FactCard({ fact: { title, value, notes, isUnwell } }: { fact: HealthFact }) {
  return (
    <Card aria-label={title} className="flex min-w-0 flex-col gap-1 p-4">
      <h2 className="flex items-center gap-1.5 text-[13px] text-ink-muted">
        {title}
        {isUnwell && (
          <span className="flex items-center gap-1 text-caution">
            <TriangleAlert aria-hidden="true" className="size-3.5" />
            {value === null ? "not known" : "look at it"}
          </span>
        )}
      </h2>
      <p className="tabular font-semibold text-lg">{value ?? UNKNOWN}</p>
      {notes.map((note) => (
        <p key={note} className="break-words text-[13px] text-ink-muted">
          {note}
        </p>
      ))}
    </Card>
  );
}
