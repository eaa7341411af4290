import type { ReactNode } from "react";
import type { SessionTree } from "@/components/traces/trace-answer";
import { cn } from "@/components/ui/cn";
import {
  formatCallCost,
  formatCount,
  formatExactUsd,
  formatQuantity,
  formatTokens,
} from "@/lib/format";

interface HeadFact {
  name: string;
  value: ReactNode;
  /** The exact one, on hover. */
  title?: string;
  tone?: "danger" | "caution";
}

/** The figures beside the cost. */
export function SessionFacts({ session }: { session: SessionTree }) {
  return (
    <dl className="grid grid-cols-[repeat(auto-fill,minmax(6.5rem,1fr))] gap-x-4 gap-y-2 rounded-panel border border-line px-4 py-3">
      {listHeadFacts(session).map(({ name, value, title, tone }) => (
        <div key={name} className="min-w-0">
          <dt className="text-ink-muted text-xs">{name}</dt>
          <dd
            title={title}
            className={cn(
              "tabular truncate font-medium text-sm",
              tone === "danger" && "text-danger",
              tone === "caution" && "text-caution",
            )}
          >
            {value}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function listHeadFacts({ figures, answer }: SessionTree): HeadFact[] {
  const unpriced = figures.unpriced_calls + figures.partial_calls;
  const cached = figures.cache_read_tokens;
  const saving = answer.cache_saving_usd;
  const facts: (HeadFact | null)[] = [
    { name: "Calls", value: formatCount(figures.calls) },
    { name: "Steps", value: formatCount(figures.steps) },
    tokens("Tokens in", figures.input_tokens),
    (cached ?? 0) > 0 ? tokens("From the cache", cached) : null,
    tokens("Tokens out", figures.output_tokens),
    { name: "Agents", value: formatCount(answer.agent_count) },
    marked("Errors", figures.errors, "danger"),
    marked("Retries", answer.retry_count, "caution"),
    loopsOf(answer),
    unpriced > 0 ? marked("Without a whole price", unpriced, "caution") : null,
    saving === null || saving === "0"
      ? null
      : {
          name: saving.startsWith("-") ? "Cache cost more" : "Cache saved",
          value: formatCallCost(saving.replace("-", "")),
          title: formatExactUsd(saving),
        },
  ];
  return facts.filter((entry) => entry !== null);
}

function tokens(name: string, count: number | null): HeadFact {
  return {
    name,
    value: formatTokens(count),
    title: count === null ? "not reported" : formatCount(count),
  };
}

/** Steps that are only alike may be a loop: the words say so, and the colour is none of certainty. */
function loopsOf({ loop_count: all, loop_alike_count: alike }: SessionTree["answer"]): HeadFact {
  const isSure = alike < all;
  const fact = marked("Loops", all, isSure ? "danger" : "caution");
  if (alike === 0) return fact;
  const value = isSure ? formatCount(all) : `${formatCount(all)} alike`;
  const title = `${formatQuantity(alike, "call")} of one kind in a row: what they asked was not sent, so they may be a loop.`;
  return { ...fact, value, title };
}

function marked(name: string, count: number, tone: "danger" | "caution"): HeadFact {
  return { name, value: formatCount(count), ...(count > 0 ? { tone } : {}) };
}
