import type { ReactNode } from "react";
import { PanelError } from "@/components/states/panel-error";
import { Refetching } from "@/components/states/refetching";
import { Card } from "@/components/ui/card";
import { Skeleton } from "@/components/ui/skeleton";

interface PanelProps {
  /** As the beginning of a sentence: "The chart". */
  name: string;
  error: unknown;
  onRetry: () => void;
  /** What shows answers the present question; else it is the last one's, dimmed. */
  isCurrent: boolean;
  /** Height of the skeleton in pixels: that of the content. */
  skeletonHeight: number;
  /** Null or false until there is something to show. */
  children: ReactNode;
}

/**
 * A part of a screen that loads, fails and refreshes on its own. A failed refresh keeps the last figures
 * under the error; a failed question never shows another question's answer.
 */
export function Panel({ name, error, onRetry, isCurrent, skeletonHeight, children }: PanelProps) {
  const hasContent = Boolean(children);
  const isShown = hasContent && (isCurrent || !error);
  return (
    <Card aria-label={name} className="overflow-hidden">
      {error ? (
        <div className="p-4" style={isShown ? undefined : { minHeight: skeletonHeight }}>
          <PanelError
            what={name}
            error={error}
            {...(isShown ? { failure: "could not be refreshed: below is the last answer" } : {})}
            onRetry={onRetry}
          />
        </div>
      ) : null}
      {isShown && <Refetching isOn={!isCurrent}>{children}</Refetching>}
      {!isShown && !error && (
        <div className="p-4">
          <Skeleton style={{ height: skeletonHeight - 32 }} />
        </div>
      )}
    </Card>
  );
}
