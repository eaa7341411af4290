"use client";

import { Tooltip as TooltipPrimitive } from "radix-ui";
import type { ReactElement, ReactNode } from "react";
import { cn } from "@/components/ui/cn";

interface TooltipProps {
  /** What it says; keep it to what the page already says elsewhere or in full. */
  content: ReactNode;
  /** The element it belongs to; it must take focus. */
  children: ReactElement;
  className?: string;
}

/** A short text on hover and on focus. */
export function Tooltip({ content, children, className }: TooltipProps) {
  return (
    <TooltipPrimitive.Provider delayDuration={250}>
      <TooltipPrimitive.Root>
        <TooltipPrimitive.Trigger asChild>{children}</TooltipPrimitive.Trigger>
        <TooltipPrimitive.Portal>
          <TooltipPrimitive.Content
            sideOffset={4}
            collisionPadding={8}
            className={cn(
              "z-50 max-w-xs animate-appear rounded-control bg-ink px-2 py-1 text-page text-xs shadow-elevation",
              className,
            )}
          >
            {content}
          </TooltipPrimitive.Content>
        </TooltipPrimitive.Portal>
      </TooltipPrimitive.Root>
    </TooltipPrimitive.Provider>
  );
}
