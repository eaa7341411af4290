import type { QuerySettings } from "@/db/clickhouse/client";

/**
 * What every read carries. Decimals and 64-bit integers are quoted, or JSON would round them past 2^53.
 * A limit in seconds, because an abandoned query goes on inside the engine and holds its connection.
 * Group-bys spill to disk instead of ending the query: one grouping by user can be larger than memory.
 */
export const READ_SETTINGS: QuerySettings = {
  output_format_json_quote_64bit_integers: 1,
  output_format_json_quote_decimals: 1,
  output_format_json_quote_denormals: 0,
  max_execution_time: 30,
  max_bytes_before_external_group_by: 150_000_000,
  max_bytes_before_external_sort: 150_000_000,
};

/**
 * What every insert carries. A key the table does not know is an error: chDB would drop it in silence,
 * and with it a fact. No asynchronous inserts: the answer must mean that the rows are on disk.
 */
export const INSERT_SETTINGS = {
  input_format_skip_unknown_fields: 0,
  async_insert: 0,
} as const;
