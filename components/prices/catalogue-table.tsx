import { classLabel, formatPrice, unitLabel } from "@/components/prices/price-words";
import type { CatalogueRow } from "@/components/prices/prices-answer";
import {
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableHeader,
  TableRow,
} from "@/components/ui/table";
import { formatCount, UNKNOWN } from "@/lib/format";

/** Classes with a column of their own; the others are listed with what they buy. */
const COLUMNS = ["input", "cache_read", "cache_write_5m", "cache_write_1h", "output"] as const;

/** List prices: one row a price, since one model may have several by tier, length, hour and date. */
export function CatalogueTable({ rows }: { rows: readonly CatalogueRow[] }) {
  return (
    <Table label="Catalogue of prices">
      <TableHeader>
        <TableRow>
          <TableHead className="pl-4">Model</TableHead>
          <TableHead>Provider</TableHead>
          <TableHead>For</TableHead>
          {COLUMNS.map((name) => (
            <TableHead key={name} className="text-right">
              {classLabel(name)}
            </TableHead>
          ))}
          <TableHead>Source</TableHead>
          <TableHead className="pr-4">Other</TableHead>
        </TableRow>
      </TableHeader>
      <TableBody>
        {rows.map((row) => (
          <TableRow key={JSON.stringify(row)} className="hover:bg-surface">
            <TableHead
              scope="row"
              className="max-w-72 truncate py-1.5 pl-4 font-normal"
              title={row.name}
            >
              <span className="font-mono text-xs">{row.model}</span>
            </TableHead>
            <TableCell className="text-ink-muted">{row.provider}</TableCell>
            <TableCell className="tabular text-ink-muted">{describeUse(row)}</TableCell>
            {COLUMNS.map((name) => (
              <TableCell key={name} className="figures">
                {priceOf(row, name)}
              </TableCell>
            ))}
            <TableCell className="text-ink-muted">
              <Source row={row} />
            </TableCell>
            <TableCell className="tabular pr-4 text-ink-muted">{describeOthers(row)}</TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}

/** No price known is not free. */
function priceOf({ prices }: CatalogueRow, name: string): string {
  const usd = prices[name];
  return usd === undefined ? UNKNOWN : formatPrice(usd);
}

function describeOthers({ prices, multiplier }: CatalogueRow): string {
  const columns: readonly string[] = COLUMNS;
  const others = Object.entries(prices)
    .filter(([name]) => !columns.includes(name))
    .map(([name, usd]) => `${classLabel(name)} ${formatPrice(usd)} / ${unitLabel(name)}`);
  if (multiplier !== null) others.unshift(`tokens × ${multiplier}`);
  return others.join(", ");
}

function describeUse(row: CatalogueRow): string {
  const over = row.context_over;
  const parts = [
    row.tier === "standard" ? null : `${row.tier} tier`,
    row.region,
    over === null
      ? null
      : `${row.context_inclusive ? "from" : "above"} ${formatCount(over)} tokens in`,
    row.hours_utc ? `${clock(row.hours_utc.from)}–${clock(row.hours_utc.to)} UTC` : null,
    describeDates(row),
  ].filter((part) => part !== null);
  return parts.join(" · ") || "all calls";
}

function clock(minutes: number): string {
  const [hour, minute] = [Math.floor(minutes / 60), minutes % 60];
  return `${String(hour).padStart(2, "0")}:${String(minute).padStart(2, "0")}`;
}

/** Null: whenever the call was. */
function describeDates({ effective_from: from, effective_to: to }: CatalogueRow): string | null {
  const day = (text: string) => text.slice(0, 10);
  if (from && to) return `${day(from)} to ${day(to)}`;
  if (from) return `from ${day(from)}`;
  return to ? `until ${day(to)}` : null;
}

/** Where the number was read, and on which day. */
function Source({ row }: { row: CatalogueRow }) {
  const isLink = row.source.startsWith("https://");
  return (
    <span title={row.source}>
      {isLink ? (
        <a
          href={row.source}
          target="_blank"
          rel="noreferrer"
          className="text-link underline-offset-2 hover:underline"
        >
          {hostOf(row.source)}
        </a>
      ) : (
        <span className="inline-block max-w-48 truncate align-bottom">{row.source}</span>
      )}
      <span className="tabular"> · {row.checked_on}</span>
      {row.layer === "overlay" && " · corrected by us"}
    </span>
  );
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host.replace(/^www\./, "") : url;
}
