"use client";

import { X } from "lucide-react";
import type { ComponentProps } from "react";
import { StepDetails } from "@/components/traces/step-details";
import { useIsWide } from "@/components/traces/use-is-wide";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Dialog, DialogContent, DialogTitle } from "@/components/ui/dialog";

interface StepPlaceProps extends ComponentProps<typeof StepDetails> {
  onClose: () => void;
}

/** Where the chosen step is shown: beside the tree, or over it where there is no room. */
export function StepPlace({ onClose, ...details }: StepPlaceProps) {
  const isWide = useIsWide();
  const { name } = details.step;
  if (!isWide) {
    return (
      <Dialog open onOpenChange={(isOpen) => !isOpen && onClose()}>
        <DialogContent side="right" aria-describedby={undefined}>
          <DialogTitle className="break-words pr-8">{name}</DialogTitle>
          <StepDetails {...details} />
        </DialogContent>
      </Dialog>
    );
  }
  return (
    <Card
      aria-label={`Step: ${name}`}
      className="sticky top-16 max-h-[calc(100dvh-5rem)] w-96 shrink-0 overflow-y-auto p-4 2xl:w-[28rem]"
    >
      <div className="flex items-start justify-between gap-2">
        <h2 className="min-w-0 break-words font-semibold text-base">{name}</h2>
        <Button
          variant="ghost"
          size="icon"
          aria-label="Close the step"
          onClick={onClose}
          className="-mt-1 -mr-2 shrink-0"
        >
          <X aria-hidden="true" />
        </Button>
      </div>
      <StepDetails {...details} />
    </Card>
  );
}
