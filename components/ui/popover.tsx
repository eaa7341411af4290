"use client";

import { Popover as PopoverPrimitive } from "radix-ui";
import type { ComponentProps } from "react";
import { cn } from "@/components/ui/cn";

/** A small panel beside a button. */
export const Popover = PopoverPrimitive.Root;
/** The button that opens the panel. */
export const PopoverTrigger = PopoverPrimitive.Trigger;
/** Where the panel hangs when that is not the trigger. */
export const PopoverAnchor = PopoverPrimitive.Anchor;

/** The panel; name it with `aria-label`. */
export function PopoverContent({
  className,
  align = "start",
  sideOffset = 4,
  ...props
}: ComponentProps<typeof PopoverPrimitive.Content>) {
  return (
    <PopoverPrimitive.Portal>
      <PopoverPrimitive.Content
        align={align}
        sideOffset={sideOffset}
        collisionPadding={8}
        className={cn(
          "z-50 w-72 max-w-[calc(100vw-1rem)] animate-appear rounded-panel border border-line bg-page p-3 text-ink shadow-elevation outline-none",
          className,
        )}
        {...props}
      />
    </PopoverPrimitive.Portal>
  );
}
