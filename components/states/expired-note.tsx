import { Moment } from "@/components/ui/moment";

interface ExpiredNoteProps {
  /** What is listed: `sessions`. */
  what: string;
  /** RFC 3339; null where everything of the range is there. */
  before: string | null;
  timeZone: string;
}

/** Says where a list begins because its project keeps calls for a time only: the list must not look like all. */
export function ExpiredNote({ what, before, timeZone }: ExpiredNoteProps) {
  if (before === null) return null;
  return (
    <p className="text-[13px] text-ink-muted">
      Calls before <Moment at={before} timeZone={timeZone} /> have expired. Listed are the {what} of
      what came from then on; sums of the time before are in Explore.
    </p>
  );
}
