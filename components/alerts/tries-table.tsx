import { Moment } from "@/components/ui/moment";
import {
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableHeader,
  TableRow,
} from "@/components/ui/table";
import type { DeliveryAnswer } from "@/lib/alerts/alert-schemas";
import { formatDuration } from "@/lib/format";

interface TriesTableProps {
  tries: DeliveryAnswer["tries"];
  timeZone: string;
}

/** Each try of a delivery and what came of it, the first one first. */
export function TriesTable({ tries, timeZone }: TriesTableProps) {
  return (
    <div className="rounded-control border border-line">
      <Table label="Tries">
        <TableHeader>
          <TableRow>
            <TableHead>At</TableHead>
            <TableHead>What came of it</TableHead>
            <TableHead className="text-right">Status</TableHead>
            <TableHead className="text-right">Took</TableHead>
          </TableRow>
        </TableHeader>
        <TableBody>
          {tries.map(({ at, error, status, took_ms }) => (
            <TableRow key={at}>
              <TableHead scope="row" className="font-normal">
                <Moment at={at} timeZone={timeZone} hasSeconds />
              </TableHead>
              <TableCell className="[overflow-wrap:anywhere]">{error ?? "It was taken"}</TableCell>
              <TableCell className="figures">{status ?? "no answer"}</TableCell>
              <TableCell className="figures">{formatDuration(took_ms)}</TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </div>
  );
}
