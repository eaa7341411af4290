import { type CsvCell, writeCsvLine } from "@/lib/export/csv";

/** A column of a list's file. */
export interface CsvColumn<Row> {
  name: string;
  read: (row: Row) => CsvCell;
}

/** Lines of CSV of a list: its names, then the rows of page after page, of which one is held at a time. */
export async function* writeCsvPages<Row>(
  columns: readonly CsvColumn<Row>[],
  askPage: (cursor: string | null) => Promise<{ rows: readonly Row[]; nextCursor: string | null }>,
): AsyncGenerator<string, void, void> {
  yield writeCsvLine(columns.map(({ name }) => ({ text: name })));
  let cursor: string | null = null;
  do {
    const { rows, nextCursor }: Awaited<ReturnType<typeof askPage>> = await askPage(cursor);
    for (const row of rows) yield writeCsvLine(columns.map(({ read }) => read(row)));
    cursor = nextCursor;
  } while (cursor !== null);
}
