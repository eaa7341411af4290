import { CircleCheck, Hourglass, Unplug } from "lucide-react";
import { Badge } from "@/components/ui/badge";
import { Moment } from "@/components/ui/moment";
import {
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableHeader,
  TableRow,
} from "@/components/ui/table";
import { formatCount } from "@/lib/format";
import type { SpoolAnswer } from "@/lib/integrity/integrity-schemas";

interface SpoolsTableProps {
  spools: readonly SpoolAnswer[];
  timeZone: string;
}

/** The processes that take events, and how far what they took has come. */
export function SpoolsTable({ spools, timeZone }: SpoolsTableProps) {
  if (spools.length === 0) {
    return (
      <p className="px-4 pt-1 pb-4 text-[13px] text-ink-muted">
        No process has told how far it is yet.
      </p>
    );
  }
  return (
    <Table label="Processes">
      <TableHeader>
        <TableRow>
          <TableHead className="pl-4">Process</TableHead>
          <TableHead>State</TableHead>
          <TableHead className="text-right">On the way</TableHead>
          <TableHead>Fresh to</TableHead>
          <TableHead className="pr-4">Last seen</TableHead>
        </TableRow>
      </TableHeader>
      <TableBody>
        {spools.map((spool) => (
          <TableRow key={spool.id} className="hover:bg-surface first:[&>*]:border-t">
            <TableHead scope="row" className="py-1.5 pl-4 font-mono font-normal text-xs">
              {spool.id.slice(0, 12)}
            </TableHead>
            <TableCell>
              <SpoolState spool={spool} />
            </TableCell>
            <TableCell className="figures">{formatCount(spool.backlog_events)}</TableCell>
            <TableCell className="text-ink-muted">
              <Moment at={spool.fresh_to} timeZone={timeZone} />
            </TableCell>
            <TableCell className="pr-4 text-ink-muted">
              <Moment at={spool.seen_at} timeZone={timeZone} />
            </TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}

function SpoolState({ spool }: { spool: SpoolAnswer }) {
  if (spool.is_gone) {
    return (
      <Badge variant={spool.backlog_events > 0 ? "danger" : "neutral"}>
        <Unplug aria-hidden="true" />
        {spool.backlog_events > 0 ? "Gone with events" : "Gone"}
      </Badge>
    );
  }
  return spool.backlog_events > 0 ? (
    <Badge variant="caution">
      <Hourglass aria-hidden="true" />
      Catching up
    </Badge>
  ) : (
    <Badge variant="good">
      <CircleCheck aria-hidden="true" />
      Up to date
    </Badge>
  );
}
