import type { ReactNode } from "react";
import { cn } from "@/components/ui/cn";

interface RefetchingProps {
  /** The question changed and its answer is on the way; what shows is the answer to the last one. */
  isOn: boolean;
  children: ReactNode;
  className?: string;
}

/** Keeps old data on the screen, dimmed under a thin bar, while new data is on its way. */
export function Refetching({ isOn, children, className }: RefetchingProps) {
  return (
    <div className={cn("relative", className)} aria-busy={isOn}>
      {isOn && (
        <div
          aria-hidden="true"
          className="absolute inset-x-0 top-0 z-10 h-0.5 animate-appear-late overflow-hidden"
        >
          <div className="h-full w-1/3 animate-progress bg-accent" />
        </div>
      )}
      <div className={cn("transition-opacity", isOn && "opacity-50")}>{children}</div>
    </div>
  );
}
