import type { ComponentProps } from "react";
import { cn } from "@/components/ui/cn";

/**
 * Holds the place of what is loading, in its size. It shows after 150 ms only: a flash of grey on a
 * fast answer looks slower than nothing.
 */
export function Skeleton({ className, ...props }: ComponentProps<"div">) {
  return (
    <div aria-hidden="true" className="animate-appear-late">
      <div
        className={cn("animate-pulse-soft rounded-control bg-surface-strong", className)}
        {...props}
      />
    </div>
  );
}
