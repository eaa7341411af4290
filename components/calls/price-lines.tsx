import type { WholeCall } from "@/components/calls/call-answer";
import {
  Table,
  TableBody,
  TableCell,
  TableFooter,
  TableHead,
  TableHeader,
  TableRow,
} from "@/components/ui/table";
import { formatExactUsd } from "@/lib/format";
import type { CallPrice } from "@/lib/prices/price";

const UNIT_NAMES: Record<number, string> = {
  1000000: "per million",
  1000: "per thousand",
  3600: "per hour",
  1: "each",
};

/** The sum of a call, so that anybody can redo it: units x rate = dollars, each class on its line. */
export function PriceLines({ call, price }: { call: WholeCall; price: CallPrice }) {
  return (
    <div className="@container">
      <Table label="Price lines">
        <TableHeader>
          <TableRow>
            <TableHead className="pl-4">Class</TableHead>
            <TableHead className="text-right">Units</TableHead>
            <TableHead className="text-right">Rate</TableHead>
            <TableHead className="pr-4 text-right">Cost</TableHead>
          </TableRow>
        </TableHeader>
        <TableBody>
          {price.lines.map((line) => (
            <TableRow key={line.class}>
              <TableHead scope="row" className="py-1.5 pl-4 font-normal">
                {line.class.replaceAll("_", " ")}
              </TableHead>
              <TableCell className="figures">{groupUnits(line.units)}</TableCell>
              <TableCell className="figures">
                {formatExactUsd(line.usd_per_unit)}{" "}
                <span className="text-ink-muted @max-sm:block">
                  {UNIT_NAMES[line.unit_count] ?? `per ${line.unit_count}`}
                </span>
              </TableCell>
              <TableCell className="figures pr-4">{formatExactUsd(line.usd)}</TableCell>
            </TableRow>
          ))}
        </TableBody>
        <TableFooter>
          <TableRow>
            <TableHead scope="row" className="pl-4 font-semibold">
              {call.cost_status === "partial" ? "At least" : "Total"}
            </TableHead>
            <TableCell />
            <TableCell />
            <TableCell className="figures pr-4">{formatExactUsd(call.cost_usd)}</TableCell>
          </TableRow>
        </TableFooter>
      </Table>
    </div>
  );
}

/** Groups the whole digits of a plain decimal. */
function groupUnits(units: string): string {
  const [whole = "0", fraction] = units.split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return fraction ? `${grouped}.${fraction}` : grouped;
}
