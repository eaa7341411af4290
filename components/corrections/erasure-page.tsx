"use client";

import { useState } from "react";
import { type Erasure, ErasureForm } from "@/components/corrections/erasure-form";
import { ErasureProgress } from "@/components/corrections/erasure-progress";
import { useMay } from "@/components/layout/use-may";
import { useWorkspace } from "@/components/layout/workspace";
import { NeedsRole } from "@/components/states/needs-role";
import { Card } from "@/components/ui/card";

/** Takes a person's name out of every call, and leaves what it cost. */
export function ErasurePage() {
  const { projects } = useWorkspace();
  const may = useMay();
  const [erasure, setErasure] = useState<Erasure | null>(null);
  const mayErase = projects.some(({ slug }) => may("calls.erase", slug));
  return (
    <div className="flex flex-col gap-4">
      <p className="max-w-2xl text-ink-muted text-sm">
        When somebody asks to be forgotten: their name, sessions and kept content are replaced by
        “(erased)” in every call of a project, of all time and in its earlier states. Costs and
        counts stay, so that closed months still add up. It cannot be undone.
      </p>
      {mayErase ? (
        <Card aria-label="Erase a user or a session" className="p-4">
          {erasure ? (
            <ErasureProgress erasure={erasure} onDone={() => setErasure(null)} />
          ) : (
            <ErasureForm onStarted={setErasure} />
          )}
        </Card>
      ) : (
        <NeedsRole permission="calls.erase" what="Erasing somebody" />
      )}
    </div>
  );
}
