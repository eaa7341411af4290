import type { SpanFacts } from "@/lib/traces/span-facts";

/**
 * A model's name without what only one of two reports of the same call writes: prefixes of gateways and regions, dates,
 * `-latest`, a snapshot's number. Only for comparing spans: prices are of the name as it is.
 */
export function modelFamily(model: string): string {
  const known = families.get(model);
  if (known !== undefined) return known;
  if (families.size >= MAX_KNOWN) families.clear();
  const family = strip(model);
  families.set(model, family);
  return family;
}

/** A few models are named by all spans, and each span is asked several times. */
const families = new Map<string, string>();
const MAX_KNOWN = 1_000;

function strip(model: string): string {
  const last = model.toLowerCase().split("/").pop() ?? "";
  return last
    .replace(/^(?:[a-z]{2,6}\.)?(?:anthropic|amazon|meta|mistral|cohere|ai21|deepseek)\./, "")
    .replace(/(?:-v\d+)?:\d+$/, "")
    .replace(/[-@]\d{4}-?\d{2}-?\d{2}$/, "")
    .replace(/-latest$/, "")
    .replace(/-(?:00\d|(?:0[1-9]|1[0-2])\d{2})$/, "");
}

/** The families that a span's model may be of: as the response names it, and as it was asked for. Empty: it names none. */
export function familiesOf({ model, requestedModel }: SpanFacts): string[] {
  const named = [model, requestedModel].filter((name) => name !== null);
  return [...new Set(named.map(modelFamily))];
}

/** Whether two spans may be of one model. One that names none may be of any. */
export function isSameModel(a: SpanFacts, b: SpanFacts): boolean {
  const [ofA, ofB] = [familiesOf(a), familiesOf(b)];
  return ofA.length === 0 || ofB.length === 0 || ofA.some((family) => ofB.includes(family));
}
