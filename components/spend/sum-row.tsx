import type { Metric } from "@/components/spend/metric";
import type { SpendFigures } from "@/components/spend/spend-answer";
import { SpendChange } from "@/components/spend/spend-change";
import type { listSpendColumns } from "@/components/spend/spend-columns";
import { cn } from "@/components/ui/cn";
import { TableCell, TableHead, TableRow } from "@/components/ui/table";
import type { Change } from "@/lib/change";

interface SumRowProps {
  name: string;
  figures: SpendFigures;
  change: Change | null;
  metric: Metric;
  columns: ReturnType<typeof listSpendColumns>;
  /** How many columns the name stands in for. */
  span: number;
  isTotal?: boolean;
}

/** Several lines in one, so that what is drawn adds up to the total; or the total itself. */
export function SumRow(props: SumRowProps) {
  const { name, figures, change, metric, columns, span, isTotal = false } = props;
  return (
    <TableRow className={cn(!isTotal && "text-ink-muted")}>
      <TableHead
        scope="row"
        colSpan={span}
        className={cn(
          "sticky left-0 z-10 pl-4",
          isTotal ? "bg-surface font-semibold" : "bg-page font-normal",
        )}
      >
        {name}
      </TableHead>
      {columns.map((column) => (
        <TableCell key={column.id} className="figures" title={column.meta?.exact(figures)}>
          {column.id === "change" ? (
            <SpendChange change={change} metric={metric} />
          ) : (
            column.meta?.total(figures)
          )}
        </TableCell>
      ))}
      <TableCell />
    </TableRow>
  );
}
