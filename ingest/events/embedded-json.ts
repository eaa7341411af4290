import { quote } from "@/ingest/events/json-text";
import type { CallPrice, PriceLine } from "@/lib/prices/price";
import type { Usage } from "@/lib/usage/usage";

/**
 * JSON kept as text inside the row's JSON (`price`, `usage`), written with its quotes escaped at once: to
 * stringify twice costs five times as much, which was a fifth of ingest's work. Each result is exactly
 * `JSON.stringify(JSON.stringify(value))`, and a test holds it to that.
 */

/** Text that needs no escape, neither in JSON nor in JSON inside JSON. */
const PLAIN = /^[ !#-[\]-~]*$/;

/** A price as the JSON string the column `price` takes. */
export function priceText(price: CallPrice): string {
  const head = headText(price);
  let lines = "";
  for (const line of price.lines) {
    // Numbers need no test, but a class can be a unit's name, which the sender chose.
    if (!PLAIN.test(line.class)) return JSON.stringify(JSON.stringify(price));
    lines += lines === "" ? lineText(line) : `,${lineText(line)}`;
  }
  return head === null ? JSON.stringify(JSON.stringify(price)) : `${head}${lines}]}"`;
}

type Head = Pick<CallPrice, "version" | "source"> & { text: string | null };
const heads = new Map<string, Head>();
const MAX_HEADS = 1_000;

/** Everything before the lines; null where it needs escapes. Remembered by model: a fleet uses tens. */
function headText({ version, source, matched }: CallPrice): string | null {
  const known = heads.get(matched);
  if (known && known.version === version && known.source === source) return known.text;
  const isPlain = [version, source, matched].every((text) => PLAIN.test(text));
  const text = isPlain
    ? `"{\\"version\\":\\"${version}\\",\\"source\\":\\"${source}\\",` +
      `\\"matched\\":\\"${matched}\\",\\"lines\\":[`
    : null;
  if (heads.size >= MAX_HEADS) heads.clear();
  heads.set(matched, { version, source, text });
  return text;
}

function lineText(line: PriceLine): string {
  return (
    `{\\"class\\":\\"${line.class}\\",\\"units\\":\\"${line.units}\\",` +
    `\\"usd_per_unit\\":\\"${line.usd_per_unit}\\",\\"unit_count\\":${line.unit_count},` +
    `\\"usd\\":\\"${line.usd}\\"}`
  );
}

/** Usage as the JSON string the column `usage` takes. */
export function usageText(usage: Usage): string {
  if (usage.units) return quote(JSON.stringify(usage));
  let members = "";
  for (const name in usage) {
    const value = usage[name as keyof Usage];
    const text = typeof value === "string" ? `\\"${value}\\"` : String(value);
    members += `${members === "" ? "" : ","}\\"${name}\\":${text}`;
  }
  return `"{${members}}"`;
}
