import { familiesOf } from "@/lib/traces/model-family";
import type { SpanFacts } from "@/lib/traces/span-facts";
import { unitsText } from "@/lib/traces/usage-vector";

/**
 * Under which keys a span is found from another trace, and under which it seeks: the same call may be told in several
 * (a second instrumentation, a log record), and a failed attempt stands beside the next one. A key is only a hint:
 * `resolveTrace` decides. Times are by 10 seconds, so a key is sought in two of them.
 */
export function twinKeys(facts: SpanFacts): { own: string[]; sought: string[] } {
  const { kind, usage, responseId, service, startUs, endUs } = facts;
  const own: string[] = [];
  const sought: string[] = [];
  if (kind !== "llm" && kind !== "tool" && usage === null) return { own, sought };
  if (responseId !== null) own.push(`r:${responseId}`);
  for (const key of [printKeyOf(facts), usageKeyOf(facts)]) if (key !== null) own.push(`u:${key}`);
  if (kind === "llm" && usage && facts.promptHash) own.push(`h:${service}|${facts.promptHash}`);
  sought.push(...own);
  const times = [...new Set([startUs, endUs ?? startUs].map((at) => Math.floor(at / 10_000_000)))];
  if (kind === "tool") {
    own.push(...times.map((at) => `t:${service}|${facts.name}|${at}`));
    sought.push(
      ...times.flatMap((at) => [-1, 0, 1].map((by) => `t:${service}|${facts.name}|${at + by}`)),
    );
    return { own, sought };
  }
  // A call without usage is sought by those with, and seeks them: not those with each other, which are all calls.
  const families = familiesOf(facts);
  const kept = usage === null ? "q" : "n";
  own.push(
    ...families.flatMap((family) => times.map((at) => `${kept}:${service}|${family}|${at}`)),
  );
  const kinds = usage === null ? ["n", "q"] : ["q"];
  for (const family of families) {
    for (const at of times) {
      for (const by of [-1, 0, 1]) {
        sought.push(...kinds.map((kind) => `${kind}:${service}|${family}|${at + by}`));
      }
    }
  }
  // A failed attempt seeks the one that followed, and that one the failures before: whichever comes last finds the other.
  if (facts.tags.session !== null && (facts.parentSpanId === "" || facts.signal === "log")) {
    const place = `${service}|${facts.tags.session}`;
    const isFailed = usage === null && facts.status === "error";
    own.push(`a:${place}`);
    if (isFailed) own.push(`e:${place}`);
    sought.push(isFailed ? `a:${place}` : `e:${place}`);
  }
  return { own, sought: [...new Set(sought)] };
}

/** What two reports of one call print alike; null: nothing. An embedding's output is 0, or is not told. */
export function printKeyOf({ service, printedTokens }: SpanFacts): string | null {
  const { input, output } = printedTokens ?? { input: null, output: null };
  return (input ?? 0) + (output ?? 0) > 0 ? `${service}|${input ?? 0}|${output ?? 0}` : null;
}

/** What they used as they are understood: tokens, or of a call without any the units; null: nothing. */
export function usageKeyOf({ service, usage }: SpanFacts): string | null {
  if (usage === null) return null;
  const { input_tokens: input = 0, output_tokens: output = 0 } = usage;
  if (input + output > 0) return `${service}|${input}|${output}`;
  const units = unitsText(usage);
  return units === "" ? null : `${service}|${units}`;
}
