import { GitCompareArrows } from "lucide-react";
import { PICKED } from "@/components/sessions/use-picked-sessions";
import { Button } from "@/components/ui/button";
import { PointedLink } from "@/components/ui/pointed-link";
import { compareSessionsPath, readSessionRef } from "@/lib/sessions/session-ref";

interface CompareBarProps {
  /** As `writeSessionRef` writes them. */
  picks: readonly string[];
  onClear: () => void;
}

/** What is ticked, and the way to the comparison once there are two. Before the first tick it says how. */
export function CompareBar({ picks, onClear }: CompareBarProps) {
  const refs = picks.map(readSessionRef).filter((ref) => ref !== null);
  const [a, b] = refs;
  return (
    <div className="flex min-h-11 flex-wrap items-center gap-x-3 gap-y-1 border-line border-b px-4 py-1.5 text-[13px]">
      <span aria-live="polite" className="min-w-0 text-ink-muted">
        {!a && "Tick two sessions to compare them."}
        {a && (
          <>
            {refs.length} of {PICKED} ticked: <span className="break-all">{a.id}</span>
            {b && (
              <>
                {" and "}
                <span className="break-all">{b.id}</span>
              </>
            )}
          </>
        )}
      </span>
      {a && b && (
        <Button asChild size="small" variant="primary">
          <PointedLink href={compareSessionsPath(a, b)}>
            <GitCompareArrows aria-hidden="true" />
            Compare
          </PointedLink>
        </Button>
      )}
      {a && (
        <Button size="small" variant="ghost" onClick={onClear}>
          Clear
        </Button>
      )}
    </div>
  );
}
