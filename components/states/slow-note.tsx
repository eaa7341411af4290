"use client";

import { useIsSlow } from "@/components/states/use-is-slow";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";

interface SlowNoteProps {
  isWaiting: boolean;
  /** A shorter range to offer; null when there is none. */
  shorter: { label: string; choose: () => void } | null;
}

/** After five seconds of waiting: says so, and offers a shorter range. */
export function SlowNote({ isWaiting, shorter }: SlowNoteProps) {
  const isSlow = useIsSlow(isWaiting);
  if (!isSlow) return null;
  return (
    <Alert>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <span>This takes longer than usual; the answer is still on its way.</span>
        {shorter && (
          <Button size="small" onClick={shorter.choose}>
            Try {shorter.label.toLowerCase()}
          </Button>
        )}
      </div>
    </Alert>
  );
}
