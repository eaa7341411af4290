import { type CsvCell, writeCsvLine } from "@/lib/export/csv";
import {
  listSpendPages,
  type SpendExportContext,
  type SpendPage,
} from "@/lib/export/list-spend-pages";
import { isFigure } from "@/lib/spend/figures";
import type { SpendQuery } from "@/lib/spend/spend-schemas";

/** What each line is of: a file says it also when it was renamed, and two of them can be put under each other. */
const RANGE_COLUMNS = ["range_from", "range_to", "tz", "as_of"];

/**
 * The answer of GET /api/spend with every group, as lines of CSV: one a group and bucket, the bucket, the dimensions,
 * the figures, the range. There is no line of totals: whoever sums a column would count everything twice.
 */
export async function* writeSpendCsv(
  context: SpendExportContext,
  query: SpendQuery,
  pageCells?: number,
): AsyncGenerator<string, void, void> {
  const names = ["bucket", ...query.groupBy, ...query.figures, ...RANGE_COLUMNS];
  yield writeCsvLine(names.map((text) => ({ text })));
  // The cost tells whether the file is whole, also where nobody asked for it.
  const figures = [...new Set([...query.figures, "cost_usd"])];
  for await (const page of listSpendPages(context, { ...query, figures }, pageCells)) {
    for (const row of page.rows) yield writeCsvLine(cellsOf(row, page, query));
  }
}

function cellsOf(
  row: SpendPage["rows"][number],
  { from, to, tz, asOf }: SpendPage,
  { groupBy, figures }: SpendQuery,
): CsvCell[] {
  return [
    { plain: row.bucket },
    ...groupBy.map((name) => ({ text: row[name] == null ? null : String(row[name]) })),
    ...figures.filter(isFigure).map((name) => ({ plain: row[name] ?? null })),
    { plain: from },
    { plain: to },
    { plain: tz },
    { plain: asOf },
  ];
}
