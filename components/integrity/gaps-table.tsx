import { Moment } from "@/components/ui/moment";
import {
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableHeader,
  TableRow,
} from "@/components/ui/table";
import { formatCount, formatQuantity } from "@/lib/format";
import type { GapAnswer, IntegrityAnswer } from "@/lib/integrity/integrity-schemas";

const SHOWN_RANGES = 4;

interface GapsTableProps {
  answer: IntegrityAnswer;
  hasProjects: boolean;
  timeZone: string;
}

/** Numbers that a producer gave and that never arrived. */
export function GapsTable({ answer, hasProjects, timeZone }: GapsTableProps) {
  const { gaps, gaps_summary: summary } = answer;
  return (
    <>
      <p className="px-4 pt-1 pb-3 text-[13px] text-ink-muted">
        {describeSources(answer)}
        {summary.is_cut && (
          <>
            {" "}
            Looked at from <Moment at={summary.from} timeZone={timeZone} /> on, not all of it: there
            may be more.
          </>
        )}
      </p>
      {gaps.length > 0 && (
        <Table label="Gaps by source">
          <TableHeader>
            <TableRow>
              <TableHead className="pl-4">Source</TableHead>
              <TableHead className="text-right">Missing</TableHead>
              <TableHead>Which</TableHead>
              {hasProjects && <TableHead>Project</TableHead>}
              <TableHead className="text-right">Received</TableHead>
              <TableHead className="text-right">Numbers</TableHead>
              <TableHead>First event</TableHead>
              <TableHead className="pr-4">Last event</TableHead>
            </TableRow>
          </TableHeader>
          <TableBody>
            {gaps.map((gap) => (
              <TableRow
                key={`${gap.project} ${gap.source} ${gap.first_sequence} ${gap.first_at}`}
                className="hover:bg-surface first:[&>*]:border-t"
              >
                <TableHead scope="row" className="py-1.5 pl-4 font-normal">
                  <span className="block max-w-52 truncate" title={gap.source}>
                    {gap.source}
                  </span>
                </TableHead>
                <TableCell className="figures font-medium">{formatCount(gap.missing)}</TableCell>
                <TableCell className="tabular">{describeRanges(gap)}</TableCell>
                {hasProjects && <TableCell className="text-ink-muted">{gap.project}</TableCell>}
                <TableCell className="figures">{formatCount(gap.received)}</TableCell>
                <TableCell className="figures">
                  {gap.first_sequence}–{gap.last_sequence}
                </TableCell>
                <TableCell className="text-ink-muted">
                  <Moment at={gap.first_at} timeZone={timeZone} />
                </TableCell>
                <TableCell className="pr-4 text-ink-muted">
                  <Moment at={gap.last_at} timeZone={timeZone} />
                </TableCell>
              </TableRow>
            ))}
          </TableBody>
        </Table>
      )}
    </>
  );
}

function describeSources({ gaps, gaps_summary: { sources } }: IntegrityAnswer): string {
  if (sources === 0) {
    return "No event of this range carries a source and a sequence: whether some were lost on their way to us is not known.";
  }
  if (gaps.length === 0) {
    return sources === 1
      ? "1 source numbers its events, and nothing is missing between them."
      : `${formatQuantity(sources, "source")} number their events, and nothing is missing between them.`;
  }
  const missing = gaps.reduce((sum, gap) => sum + gap.missing, 0);
  const verb = missing === 1 ? "was" : "were";
  return `${formatQuantity(missing, "event")} ${verb} numbered by a producer and never arrived.`;
}

function describeRanges({ missing_ranges: ranges }: GapAnswer): string {
  const texts = ranges
    .slice(0, SHOWN_RANGES)
    .map(([first, last]) => (first === last ? String(first) : `${first}–${last}`));
  return ranges.length > SHOWN_RANGES ? `${texts.join(", ")}, …` : texts.join(", ");
}
