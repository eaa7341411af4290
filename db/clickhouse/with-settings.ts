import type { QuerySettings } from "@/db/clickhouse/client";

const NAME = /^[a-z][a-z0-9_]*$/;
const TEXT_VALUE = /^[A-Za-z0-9_.]*$/;

/**
 * Writes settings into the SQL text. Never pass them as the client's `clickhouse_settings`: chDB turns
 * those into `SET`, which stays for every later query of the connection. An insert deduplication
 * token that stayed once made later inserts vanish without an error.
 * @throws RangeError for a name or value that is no plain word
 */
export function withSettings(sql: string, settings: QuerySettings): string {
  const entries = Object.entries(settings);
  if (entries.length === 0) return sql;
  const list = entries.map(([name, value]) => `${name} = ${literal(name, value)}`);
  return `${sql}\nSETTINGS ${list.join(", ")}`;
}

function literal(name: string, value: string | number): string {
  if (!NAME.test(name)) throw new RangeError(`${name} is no setting`);
  if (typeof value === "number") return String(value);
  if (!TEXT_VALUE.test(value)) throw new RangeError(`${value} is no value of ${name}`);
  return `'${value}'`;
}
