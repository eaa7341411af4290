import { z } from "zod";
import type { BoundValue, ClickHouse, QuerySettings } from "@/db/clickhouse/client";
import { BadQueryParamsError, MalformedRowError } from "@/db/clickhouse/store-errors";

/**
 * What every question names: the projects it may read, and a half-open range of event time in
 * microseconds since 1970. Without them a question would read everything there ever was.
 */
export const scopeParams = z.object({
  projectIds: z.array(z.string()),
  fromUs: z.int(),
  toUs: z.int(),
});
export type Scope = z.infer<typeof scopeParams>;

/** A piece of SQL and the values its `{name: Type}` placeholders stand for. */
export interface SqlPart {
  text: string;
  values: Readonly<Record<string, BoundValue>>;
}

/**
 * A question to the calls store as a value: its SQL with bound values only (identifiers come from the
 * dimension registry), zod for its parameters and zod for one row.
 * @returns a function that asks it. It throws BadQueryParamsError, QueryFailedError or MalformedRowError:
 * three different faults, none of which may ever look like an empty answer.
 */
export function defineQuery<Params extends z.ZodType<Scope>, Row extends z.ZodType>(definition: {
  name: string;
  params: Params;
  row: Row;
  /** Its own settings are added to those of the definition. */
  sql: (params: z.output<Params>) => SqlPart & { settings?: QuerySettings };
  settings?: QuerySettings;
}): (clickhouse: ClickHouse, params: z.input<Params>) => Promise<z.output<Row>[]> {
  const { name, params: paramsSchema, row: rowSchema, sql, settings = {} } = definition;
  const rowsSchema = z.array(rowSchema);
  return async (clickhouse, input) => {
    const params = paramsSchema.safeParse(input);
    if (!params.success) throw new BadQueryParamsError(name, params.error);
    const { text, values, settings: own } = sql(params.data);
    const rows = rowsSchema.safeParse(
      await clickhouse.query(text, values, { ...settings, ...own }),
    );
    if (!rows.success) throw new MalformedRowError(name, rows.error);
    return rows.data;
  };
}
