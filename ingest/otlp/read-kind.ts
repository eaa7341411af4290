import type { Dialect } from "@/ingest/otlp/dialects/dialect";
import type { FieldReader } from "@/ingest/otlp/field-reader";
import type { SpanKind } from "@/lib/traces/span-facts";

/**
 * What a record is by the rules of its dialects, the most telling first: `gen_ai.operation.name` = chat on a prompt
 * template is believed only where the client's own word for the span does not contradict it.
 * @returns null where no rule answers
 */
export function readKind(
  fields: FieldReader,
  dialects: readonly Dialect[],
  name: string,
): SpanKind | null {
  for (const rule of dialects.flatMap((dialect) => dialect.kinds ?? [])) {
    if ("name" in rule) {
      if (rule.name.test(name)) return rule.is;
      continue;
    }
    const told = fields.text([rule.at])?.toLowerCase();
    if (told === undefined) continue;
    const kind = Object.hasOwn(rule.is, told) ? rule.is[told] : rule.is["*"];
    if (kind) return kind;
  }
  return null;
}
